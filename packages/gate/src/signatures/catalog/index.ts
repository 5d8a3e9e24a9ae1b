/**
 * Catalogs: who signed this list of files, and is this file on a list that somebody brought along?
 * Source: Microsoft, "Catalog Files and Digital Signatures"; the list's grammar in `formats/catalog/trust-list.ts`.
 *
 * A catalog speaks for a file only when it is signed and lists exactly that file's digest. A list that is empty or
 * unsigned proves nothing.
 * @module
 */

import { createHash } from "node:crypto";
import { asBuffer, type ByteSource } from "@sallyport/core";
import type { DerNode } from "../../asn1/der.ts";
import { digestNamed } from "../../cms/algorithm.ts";
import { readSignedData } from "../../cms/signed-data.ts";
import type { SignerInfo } from "../../cms/signer-info.ts";
import { readCatalogBytes } from "../../formats/catalog/index.ts";
import { isCatalog } from "../../formats/catalog/mark.ts";
import { readTrustList, TRUST_LIST } from "../../formats/catalog/trust-list.ts";
import { verifyCarried } from "../authenticode/carried.ts";
import { type Carrier, NO_SIGNATURES } from "../authenticode/carrier.ts";
import { stripPadding } from "../authenticode/certificate-table.ts";
import type { IndirectData } from "../authenticode/indirect-data.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { digestsOfFile, type FileDigest, findListed } from "./members.ts";

const FORMAT = "catalog";
/** Enough to tell a catalog by. */
const MARK_BYTES = 4096;

export const catalog: SignatureScheme = {
  id: FORMAT,
  question: "Who signed this catalog, and does a catalog that was brought along list this very file?",
  document: "Microsoft, Catalog Files and Digital Signatures",
  formats: [FORMAT],
  async claims({ signatures }) {
    const own = await Promise.all(
      signatures.map(async ({ source }) =>
        isCatalog(asBuffer(await source.read(0, Math.min(MARK_BYTES, source.sizeBytes)))),
      ),
    );
    return signatures.filter((_, index) => own[index]);
  },
  verify,
};

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const parts: Verification[] = [];
  if (context.format === FORMAT)
    parts.push(await verifyCarried(() => openCatalog(source, context), context, FORMAT));
  const { signatures } = context.brought;
  const digests = signatures.length === 0 ? [] : await digestsOfFile(source, context);
  for (const { name, source: list } of signatures) {
    const open = () => openCatalog(list, context, { name, digests });
    const { signatures: reports, findings } = await verifyCarried(open, context, FORMAT);
    parts.push({
      signatures: reports.map((report) => ({ ...report, facts: { ...report.facts, catalog: name } })),
      findings: findings.map((finding) => ({
        ...finding,
        because: `${name}: ${finding.because}`,
        facts: { ...finding.facts, catalog: name },
      })),
    });
  }
  return {
    signatures: parts.flatMap((part) => part.signatures).map((report, position) => ({ ...report, position })),
    findings: parts.flatMap((part) => part.findings),
  };
}

/** A file that the catalog is asked to speak for. */
interface Asked {
  /** Of the catalog, as the person wrote it. */
  readonly name: string;
  readonly digests: readonly FileDigest[];
}

/** @param asked - absent: the catalog is judged itself */
async function openCatalog(source: ByteSource, context: VerifyContext, asked?: Asked): Promise<Carrier> {
  const { blob, findings } = stripPadding(await readCatalogBytes(source, context.maxHeldBytes), 0);
  if (blob === undefined) return { ...NO_SIGNATURES, findings };
  const { signerInfos } = readSignedData(blob.der, "unread");
  if (signerInfos.length === 0)
    return { ...NO_SIGNATURES, findings: [...findings, ...(asked === undefined ? [] : [UNSIGNED])] };
  let members = 0;
  let listed: FileDigest | undefined;
  const read = (content: DerNode, signer: SignerInfo): IndirectData => {
    const list = readTrustList(content);
    const found = findListed(list, asked?.digests ?? []);
    members = found.members;
    listed = found.listed;
    return listed === undefined ? ofList(content, signer) : ofFile(content, listed);
  };
  return {
    blobs: [blob],
    findings,
    content: { contentType: TRUST_LIST, title: "a list of files", read, isLong: true },
    async digest() {
      return {
        subjectType: TRUST_LIST,
        digests: new Map(),
        digestFor: ({ indirect }) => indirect.digest,
        ...(asked !== undefined &&
          listed === undefined && { contradiction: "the catalog does not list this file" }),
        facts: {
          members,
          ...(listed !== undefined && { listedBy: listed.algorithm, listedOver: listed.over }),
        },
      };
    },
  };
}

const UNSIGNED = {
  check: "integrity",
  outcome: "unknown",
  because: "the catalog is not signed, and vouches for nothing",
  facts: {},
} as const;

const LIST = { subjectType: TRUST_LIST, pageHashes: undefined, sipClass: undefined };

/** What is signed is the list; its digest is the one that the signer took. */
function ofList(content: DerNode, { digestAlgorithm }: SignerInfo): IndirectData {
  const digestName = digestNamed(digestAlgorithm.oid);
  const digest = createHash(digestName ?? "sha256")
    .update(content.content)
    .digest();
  return { ...LIST, digestOid: digestAlgorithm.oid, digestName, digest, listBytes: content.raw.length };
}

/** What binds the file is its digest on the list, however the list itself was hashed. */
const ofFile = (content: DerNode, { algorithm, digest }: FileDigest): IndirectData => ({
  ...LIST,
  digestOid: "",
  digestName: algorithm,
  digest,
  listBytes: content.raw.length,
});
