/**
 * Catalogs, built. Source: what makecat and signtool write; see `formats/catalog/trust-list.ts`.
 * @module
 */

import {
  writeContext,
  writeContextPrimitive,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
  writeSetOf,
  writeTime,
} from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import { CATALOG_USAGE, TRUST_LIST } from "../formats/catalog/trust-list.ts";
import type { IssuedCertificate } from "./certificate-authority.ts";
import { signSignerInfo, writeAttribute, writeSignedData } from "./cms-signer.ts";
import { writeDigestAlgorithm } from "./signing-key.ts";

export interface CatalogMember {
  readonly digest: Uint8Array;
  readonly algorithm: DigestName;
  /** What names it. Default: the digest, as the catalog's version writes it. */
  readonly subject?: Uint8Array;
  /** Without the digest beside its name, as the SHA-1 members of newer catalogs are. */
  readonly isBare?: boolean;
}

export interface CatalogRequest {
  readonly members: readonly CatalogMember[];
  /** Default 2. */
  readonly version?: 1 | 2;
  /** Absent: not signed. */
  readonly signer?: IssuedCertificate;
  readonly digest?: DigestName;
  readonly usage?: string;
}

/** DER of a whole catalog. */
export function writeCatalog(request: CatalogRequest): Buffer {
  const content = writeList(request);
  const { signer, digest = "sha256" } = request;
  const header = (content[1] ?? 0) < 0x80 ? 2 : 2 + ((content[1] ?? 0) & 0x7f);
  const signed =
    signer &&
    signSignerInfo({ signer, contentType: TRUST_LIST, contentOctets: content.subarray(header), digest });
  return writeSignedData({
    contentType: TRUST_LIST,
    content,
    signerInfos: signed === undefined ? [] : [signed],
    digests: signed === undefined ? [] : [digest],
    certificates: signer === undefined ? [] : [signer.certificate],
  });
}

function writeList({ members, version = 2, usage = CATALOG_USAGE }: CatalogRequest): Buffer {
  return writeSequence(
    writeSequence(writeObjectIdentifier(usage)),
    writeOctetString(Buffer.alloc(16, 1)),
    writeTime(new Date("2026-01-01T00:00:00Z")),
    writeSequence(writeObjectIdentifier(`1.3.6.1.4.1.311.12.1.${version + 1}`), writeNull()),
    writeSequence(...members.map((member) => writeMember(member, version))),
  );
}

function writeMember(member: CatalogMember, version: 1 | 2): Buffer {
  const hex = Buffer.from(member.digest).toString("hex").toUpperCase();
  const named = version === 1 ? Buffer.from(`${hex}\0`, "utf16le") : member.digest;
  const information =
    version === 1
      ? []
      : [writeAttribute("1.3.6.1.4.1.311.12.2.3", writeContextPrimitive(0, Buffer.alloc(0)))];
  return writeSequence(
    writeOctetString(member.subject ?? named),
    writeSetOf(...information, ...(member.isBare === true ? [] : [writeDigest(member)])),
  );
}

/** SpcIndirectData, of a file that is a file and nothing more. */
const writeDigest = ({ digest, algorithm }: CatalogMember): Buffer =>
  writeAttribute(
    "1.3.6.1.4.1.311.2.1.4",
    writeSequence(
      writeSequence(
        writeObjectIdentifier("1.3.6.1.4.1.311.2.1.25"),
        writeContext(2, writeContextPrimitive(0, Buffer.alloc(0))),
      ),
      writeSequence(writeDigestAlgorithm(algorithm), writeOctetString(digest)),
    ),
  );
