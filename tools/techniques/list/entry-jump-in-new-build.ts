import { patchEntryPoint, withBuildTime } from "../edit/pe.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const entryJumpInNewBuild: Technique = {
  id: "entry-jump-in-new-build",
  title: "New build whose first instruction jumps into the filling behind the code",
  shape: "CCleaner 5.33, 2017: code before the program's own (Cisco Talos)",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) => world.sign(patchEntryPoint(image))),
  twinTitle: "the new build linked again an hour later",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(withBuildTime(image, new Date("2026-03-01T11:00:00Z"))),
    ),
};
