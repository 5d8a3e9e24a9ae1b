import { addSection, FLAGS } from "../edit/pe.ts";
import { program, words, xor } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const encodedExecutable: Technique = {
  id: "encoded-executable",
  title: "Second program among the constants, each byte changed by one key",
  shape:
    "libffmpeg.dylib of 3CX for macOS (key 0x7a), 2023 (Objective-See); ASUS Live Update, 2018 (Kaspersky)",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) => {
      const hidden = xor(Buffer.concat([words(512), program()]), 0x7a);
      return world.sign(addSection(original, ".rdata2", FLAGS.readOnly, () => hidden).image);
    }),
  twinTitle: "a table of words as large",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) =>
      world.sign(addSection(original, ".rdata2", FLAGS.readOnly, () => words(512 + program().length)).image),
    ),
};
