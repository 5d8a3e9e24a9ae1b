import { addSection, FLAGS } from "../edit/pe.ts";
import { noise, words } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const writableCodeSection: Technique = {
  id: "writable-code-section",
  title: "New section that is writable and executable at once",
  shape: "packed loaders linked into a product: ShadowPad in NetSarang's nssock2.dll, 2017 (Kaspersky)",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) =>
      world.sign(addSection(original, ".xdata2", FLAGS.writableCode, () => noise(40_000)).image),
    ),
  twinTitle: "a new section of writable data",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) =>
      world.sign(addSection(original, ".data2", FLAGS.data, () => words(40_000)).image),
    ),
};
