import type { SchemeSample } from "@sallyport/testkit";
import { ENTITLEMENTS, NOW, REQUIREMENTS, signMachO, trust } from "./signing.fixture.ts";

/** Behind the load commands, without which no signature would be found, up to the signature; then the CodeDirectory. */
export const sample = async (): Promise<SchemeSample> => {
  const special = new Map([
    [2, REQUIREMENTS],
    [5, ENTITLEMENTS],
  ]);
  const { bytes, signatureAt } = signMachO({ special });
  const directoryAt = signatureAt + bytes.readUInt32BE(signatureAt + 16);
  const directoryEnd = directoryAt + bytes.readUInt32BE(directoryAt + 4);
  return {
    format: "mach-o",
    bytes,
    trust,
    now: NOW,
    covered: [
      [32 + bytes.readUInt32LE(20), signatureAt],
      [directoryAt, directoryEnd],
    ],
  };
};
