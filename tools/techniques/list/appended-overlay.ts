import { withOverlay } from "../edit/pe.ts";
import { noise } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const appendedOverlay: Technique = {
  id: "appended-overlay",
  title: "256 KiB of noise behind the last section of a library, signed along",
  shape: "payload carried in an overlay: msvcr100.dll of the X_TRADER chain, 2022 (Mandiant, Symantec)",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) => world.sign(withOverlay(image, noise(262_144)))),
  twinTitle: "zeros up to the next boundary",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) => world.sign(withOverlay(image, Buffer.alloc(512)))),
};
