/** A package that an Ed25519 key signed as debsigs does, for the contract of schemes. */

import { gzipSync } from "node:zlib";
import { certificateOf, makeKey, packet, signBytes } from "@sallyport/openpgp/signing.fixture";
import { type SchemeSample, sourceOf } from "@sallyport/testkit";
import { buildAr } from "../../formats/ar/ar.fixture.ts";
import { controlTar, dataTar } from "../../formats/deb/sample.fixture.ts";

export const MEMBERS = [
  { name: "debian-binary", bytes: Buffer.from("2.0\n") },
  { name: "control.tar.gz", bytes: gzipSync(controlTar()) },
  { name: "data.tar.gz", bytes: gzipSync(dataTar()) },
] as const;

export const CONTENTS = Buffer.concat(MEMBERS.map(({ bytes }) => bytes));

export const sample = async (): Promise<SchemeSample> => {
  const key = makeKey();
  const signature = packet(2, signBytes(key, CONTENTS));
  const unsigned = buildAr(MEMBERS);
  const [, control, data] = MEMBERS;
  return {
    format: "deb",
    bytes: buildAr([...MEMBERS, { name: "_gpgorigin", bytes: signature }]),
    brought: { keys: [{ name: "key.gpg", source: sourceOf(certificateOf(key)) }] },
    covered: [control.bytes, data.bytes].map((bytes) => {
      const at = unsigned.indexOf(bytes);
      return [at, at + bytes.length] as const;
    }),
  };
};
