import { infectNote, objcopy } from "../edit/elf.ts";
import { noise } from "../filling.ts";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const infectedNote: Technique = {
  id: "infected-note",
  title: "Spare segment turned into a writable, executable one that the program begins in",
  shape: "PT_NOTE infection of ELF files (tmp.0ut, volume 1); ATT&CK T1554",
  kind: "linux",
  least: "high",
  attack: ({ after }) => editFile(after, mainFile(after, "elf"), (image) => infectNote(image, noise(8192))),
  twinTitle: "debug sections stripped",
  async twin({ after }) {
    const path = mainFile(after, "elf");
    const edited = await objcopy(fileBytes(after, path), ["--strip-debug"]);
    return editFile(after, path, () => edited);
  },
};
