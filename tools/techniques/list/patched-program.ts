import { objcopy, patchCode } from "../edit/elf.ts";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const patchedProgram: Technique = {
  id: "patched-program",
  title: "Code patched after linking, under the same build id",
  shape: "Ebury and other replaced OpenSSH programs (ESET, 2014 to 2024); ATT&CK T1554",
  kind: "linux",
  least: "high",
  attack: ({ before, after }) => {
    const path = mainFile(before, "elf", after);
    return editFile(after, path, () => patchCode(fileBytes(before, path)));
  },
  twinTitle: "the program of the last release, stripped",
  async twin({ before, after }) {
    const path = mainFile(before, "elf", after);
    const edited = await objcopy(fileBytes(before, path), ["--strip-debug"]);
    return editFile(after, path, () => edited);
  },
};
