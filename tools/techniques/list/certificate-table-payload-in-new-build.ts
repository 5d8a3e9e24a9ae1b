import { SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const [hidden] = SIGNATURE_MUTATIONS;

export const certificateTablePayloadInNewBuild: Technique = {
  id: "certificate-table-payload-in-new-build",
  title: "Payload behind the signature of a library that was built anew",
  shape: "the same place as in 3CX Desktop App, 2023 (Sophos), when the carrier is the vendor's own",
  kind: "windows",
  least: "high",
  attack: ({ after }) => editFile(after, mainFile(after, "pe"), (image) => hidden?.mutate(image) ?? image),
  twinTitle: "the new library, signed a day later",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(image, "vendor", new Date("2026-03-02T10:00:00Z")),
    ),
};
