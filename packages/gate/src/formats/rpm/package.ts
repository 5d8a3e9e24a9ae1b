/**
 * The four parts of an RPM package, one behind the other: lead, signature header, main header, payload.
 * Sources: RPM manual, "V3", "V4" and "V6 Package format", "RPM Package Lead format".
 * @module
 */

import { type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import { isAllZero } from "../front-reader.ts";
import { type HeaderLie, malformed, type RpmHeader, readHeader } from "./header.ts";
import { SIGNATURE_TAG } from "./tags.ts";

export const LEAD_MAGIC = 0xedabeedb;
export const LEAD_BYTES = 96;
const NAME_AT = 10;
const NAME_BYTES = 66;
const RESERVED_AT = 80;
/** Headers as signatures: the only kind since RPM 3. */
const SIGNATURE_TYPE = 5;

export interface RpmPackage {
  readonly signatures: RpmHeader;
  readonly header: RpmHeader;
  readonly payload: ByteSource;
  readonly payloadOffset: number;
  readonly lies: readonly HeaderLie[];
}

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.unsupported`, `artifact.over-limit` */
export async function readPackage(source: ByteSource, maxHeldBytes: number): Promise<RpmPackage> {
  const lies: HeaderLie[] = [];
  judgeLead(await readExactly(source, 0, LEAD_BYTES, "rpm: the lead"), lies);
  const signatures = await readHeader(source, LEAD_BYTES, { kind: "signatures", maxHeldBytes });
  const start = Math.ceil(signatures.endOffset / 8) * 8;
  const paddingBytes = start - signatures.endOffset;
  const padding = await readExactly(source, signatures.endOffset, paddingBytes, "rpm: the signature header");
  if (!isAllZero(padding))
    lies.push({
      because: "has bytes between its headers",
      facts: { offsetBytes: signatures.endOffset, lengthBytes: paddingBytes },
    });
  const header = await readHeader(source, start, { kind: "immutable", maxHeldBytes });
  const payloadOffset = header.endOffset;
  const payload = new RangeSource(source, payloadOffset, source.sizeBytes - payloadOffset);
  const claimedBytes = signatures.number(SIGNATURE_TAG.longSize) ?? claimedSize(signatures);
  if (claimedBytes !== undefined && claimedBytes !== source.sizeBytes - start)
    lies.push({
      because: `is ${source.sizeBytes - start} bytes behind its signatures and says ${claimedBytes}`,
      facts: { offsetBytes: start, lengthBytes: source.sizeBytes - start },
    });
  return { signatures, header, payload, payloadOffset, lies: [...lies, ...signatures.lies, ...header.lies] };
}

/** The tag's number means a name in packages that lack it here. */
function claimedSize(signatures: RpmHeader): number | undefined {
  return signatures.has(SIGNATURE_TAG.size) ? signatures.number(SIGNATURE_TAG.size) : undefined;
}

/** Nobody reads it but file(1), and nothing signs it, so it must not hold anything else than it should. */
function judgeLead(lead: Buffer, lies: HeaderLie[]): void {
  if (lead.readUInt32BE(0) !== LEAD_MAGIC) throw malformed("this is no package");
  const [major, signatureType] = [lead.readUInt8(4), lead.readUInt16BE(78)];
  if (major < 3 || major > 4 || signatureType !== SIGNATURE_TYPE)
    throw malformed(`a lead of version ${major} with signatures of type ${signatureType} is not known`);
  const name = lead.subarray(NAME_AT, NAME_AT + NAME_BYTES);
  const nameEnd = name.indexOf(0);
  // Builders in Java fill the field with a long name to its last byte.
  if (nameEnd >= 0 && !isAllZero(name.subarray(nameEnd)))
    lies.push(leadLie("has bytes behind the name in its lead", NAME_AT, NAME_BYTES));
  // RPM 2 left there what was in its memory, and signed nothing of it; that is older than any key in use.
  if (!isAllZero(lead.subarray(RESERVED_AT)))
    lies.push(leadLie("has bytes in the reserved part of its lead", RESERVED_AT, LEAD_BYTES - RESERVED_AT));
}

const leadLie = (because: string, offsetBytes: number, lengthBytes: number): HeaderLie => ({
  because,
  facts: { offsetBytes, lengthBytes },
});
