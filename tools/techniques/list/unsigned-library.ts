import { program } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const unsignedLibrary: Technique = {
  id: "unsigned-library",
  title: "New unsigned library among signed ones",
  shape: "the update of M.E.Doc before NotPetya, 2017 (ESET)",
  kind: "windows",
  least: "high",
  attack: ({ after }) => withFile(after, "helper.dll", program()),
  twinTitle: "a new library, signed by the vendor",
  twin: ({ after }, world) => withFile(after, "helper.dll", world.sign(program())),
};
