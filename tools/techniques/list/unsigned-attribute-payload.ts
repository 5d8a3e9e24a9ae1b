import { addUnsigned, findSignature, withPkcs7, wrap } from "@sallyport/testkit";
import { noise } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

/** 1.3.6.1.4.1.311.99.1.2, which names nothing. */
const TYPE = Buffer.from("060a2b060104018237630102", "hex");

export const unsignedAttributePayload: Technique = {
  id: "unsigned-attribute-payload",
  title: "Payload in an unsigned attribute of the PKCS#7",
  shape: "data beside a valid Authenticode signature, ATT&CK T1553.002 (SigFlip and its successors)",
  kind: "windows",
  least: "high",
  attack: ({ after }) =>
    editFile(after, mainFile(after, "pe"), (image) => {
      const attribute = wrap(0x30, TYPE, wrap(0x31, wrap(0x04, noise(100_000))));
      return withPkcs7(image, addUnsigned(findSignature(image).pkcs7, attribute));
    }),
  twinTitle: "the same image signed again with a newer timestamp",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(image, "vendor", new Date("2026-04-01T10:00:00Z")),
    ),
};
