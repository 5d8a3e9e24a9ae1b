import { objcopy, withOtherInitialiser } from "../edit/elf.ts";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const otherInitialiser: Technique = {
  id: "other-initialiser",
  title: "Initialiser turned to another place after linking",
  shape:
    "liblzma 5.6.0, 2024: code that runs while the library is loaded (Openwall oss-security, Andres Freund)",
  kind: "linux",
  least: "high",
  attack: ({ before, after }) => {
    const path = mainFile(before, "elf", after);
    return editFile(after, path, () => withOtherInitialiser(fileBytes(before, path)));
  },
  twinTitle: "the program of the last release with a comment more",
  async twin({ before, after }) {
    const path = mainFile(before, "elf", after);
    const edited = await objcopy(fileBytes(before, path), ["--strip-debug"]);
    return editFile(after, path, () => edited);
  },
};
