import { unsigned } from "../edit/pe.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const signatureDropped: Technique = {
  id: "signature-dropped",
  title: "One library that was signed is not signed any more",
  shape: "files swapped on a server after signing: Monpass MonPass Client, 2021 (Avast)",
  kind: "windows",
  least: "high",
  attack: ({ after }) => editFile(after, mainFile(after, "pe"), (image) => Buffer.from(unsigned(image))),
  twinTitle: "the same image signed again",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(image, "vendor", new Date("2026-03-02T10:00:00Z")),
    ),
};
