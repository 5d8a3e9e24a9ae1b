import { addThreadCallback, withBuildTime } from "../edit/pe.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const threadCallback: Technique = {
  id: "thread-callback",
  title: "Thread-local storage callback that runs before the entry point",
  shape:
    "CCleaner 5.33, 2017: code in the runtime's own start (Cisco Talos); Microsoft, PE Format, TLS callbacks",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) => world.sign(addThreadCallback(image))),
  twinTitle: "the new build linked again an hour later",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(withBuildTime(image, new Date("2026-03-01T11:00:00Z"))),
    ),
};
