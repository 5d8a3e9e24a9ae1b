import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const signerOfAnotherAuthority: Technique = {
  id: "signer-of-another-authority",
  title: "The vendor's name in a certificate of another authority",
  shape: "certificates sold in a company's name (Recorded Future, 2018); ATT&CK T1587.002",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) => world.sign(image, "other-authority")),
  twinTitle: "the vendor's renewed certificate of the same authority",
  twin: ({ after }, world) => editFile(after, mainFile(after, "pe"), (image) => world.sign(image, "renewed")),
};
