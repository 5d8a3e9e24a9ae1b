import { addSection, FLAGS, withEntryPoint } from "../edit/pe.ts";
import { noise, words } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const entryPointInNewSection: Technique = {
  id: "entry-point-in-new-section",
  title: "Entry point moved into a new last section",
  shape: "file infectors and binders; ATT&CK T1554, Compromise Host Software Binary",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) => {
      const { image, address } = addSection(original, ".init", FLAGS.code, () => noise(8192));
      return world.sign(withEntryPoint(image, address));
    }),
  twinTitle: "a new section of constants",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) =>
      world.sign(addSection(original, ".const", FLAGS.readOnly, () => words(8192)).image),
    ),
};
