/** A download that broke off accuses nobody of hiding bytes, and is never taken for whole. */

import { sourceOf } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { imageEndBytes, readPeHeaders } from "../../formats/pe/headers.ts";
import { signPe } from "../../replica/pe-image.ts";
import { image, signer, verify } from "./signing.fixture.ts";

const signed = signPe(image, { signer });
const CUT = {
  check: "opened",
  outcome: "unknown",
  because: "it is cut short: the signature reaches past the end of the file",
};

it("is told from bytes that hide, wherever in the signature it ends", async () => {
  const end = imageEndBytes(await readPeHeaders(sourceOf(signed)));
  for (const length of [end, end + 1, end + 7, end + 8, end + 100, signed.length - 8]) {
    const { signatures, findings } = await verify(signed.subarray(0, length));
    expect(signatures, `${length} bytes`).toEqual([]);
    expect(findings, `${length} bytes`).toEqual([expect.objectContaining(CUT)]);
  }
});

it("is not what a table is that only claims to be larger", async () => {
  const { certificateTable } = await readPeHeaders(sourceOf(signed));
  const larger = Buffer.from(signed);
  const field = larger.indexOf(
    sizeField(certificateTable?.offsetBytes ?? 0, certificateTable?.sizeBytes ?? 0),
  );
  larger.writeUInt32LE((certificateTable?.sizeBytes ?? 0) + 4096, field + 4);
  const { findings } = await verify(larger);
  expect(findings.map(({ check, outcome }) => `${check} ${outcome}`)).toContain("certificate-table fail");
});

function sizeField(offsetBytes: number, sizeBytes: number): Buffer {
  const field = Buffer.alloc(8);
  field.writeUInt32LE(offsetBytes, 0);
  field.writeUInt32LE(sizeBytes, 4);
  return field;
}
