import { SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const [hidden] = SIGNATURE_MUTATIONS;

export const certificateTablePayload: Technique = {
  id: "certificate-table-payload",
  title: "Payload behind the signature, inside its entry of the certificate table",
  shape: "d3dcompiler_47.dll of 3CX Desktop App 18.12.407, 2023 (Sophos, ReversingLabs)",
  kind: "windows",
  least: "high",
  attack: ({ after }) => editFile(after, mainFile(after, "pe"), (image) => hidden?.mutate(image) ?? image),
  twinTitle: "the same image signed again, a day later",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(image, "vendor", new Date("2026-03-02T10:00:00Z")),
    ),
};
