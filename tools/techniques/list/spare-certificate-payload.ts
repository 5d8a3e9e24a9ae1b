import { SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const hidden = SIGNATURE_MUTATIONS.find(({ name }) => name.startsWith("F2"));

export const spareCertificatePayload: Technique = {
  id: "spare-certificate-payload",
  title: "Payload in a superfluous certificate of the PKCS#7",
  shape:
    "tags in a dummy certificate, as Omaha writes them, used for a payload (google/omaha, certificate_tag)",
  kind: "windows",
  least: "high",
  attack: ({ after }) => editFile(after, mainFile(after, "pe"), (image) => hidden?.mutate(image) ?? image),
  twinTitle: "signed with the vendor's renewed certificate of the same authority",
  twin: ({ after }, world) => editFile(after, mainFile(after, "pe"), (image) => world.sign(image, "renewed")),
};
