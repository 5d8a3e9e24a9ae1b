import { addSection, FLAGS } from "../edit/pe.ts";
import { program, words } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const embeddedExecutable: Technique = {
  id: "embedded-executable",
  title: "Second program among the constants of the first",
  shape: "dropper Setup.exe of X_TRADER 7.17.90, 2022 (Mandiant)",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) =>
      world.sign(
        addSection(original, ".rdata2", FLAGS.readOnly, () => Buffer.concat([words(512), program()])).image,
      ),
    ),
  twinTitle: "a table of words as large",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) =>
      world.sign(addSection(original, ".rdata2", FLAGS.readOnly, () => words(512 + program().length)).image),
    ),
};
