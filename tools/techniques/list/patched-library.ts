import { patchEntryPoint, unsigned } from "../edit/pe.ts";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const patchedLibrary: Technique = {
  id: "patched-library",
  title: "Library of the last release, patched at its entry point and signed by the vendor again",
  shape: "ffmpeg.dll of 3CX Desktop App, 2023 (Volexity, Elastic)",
  kind: "windows",
  least: "high",
  attack: ({ before, after }, world) => {
    const path = mainFile(before, "pe", after);
    return editFile(after, path, () => world.sign(patchEntryPoint(fileBytes(before, path))));
  },
  twinTitle: "the unchanged library of the last release, signed again",
  twin: ({ before, after }, world) => {
    const path = mainFile(before, "pe", after);
    return editFile(after, path, () =>
      world.sign(unsigned(fileBytes(before, path)), "vendor", new Date("2026-04-01T10:00:00Z")),
    );
  },
};
