/**
 * Which digests a catalog lists, and under which of them a file is found.
 * Sources: see `formats/catalog/trust-list.ts`; Microsoft, CryptCATAdminCalcHashFromFileHandle2: programs are listed by
 * the digest that Authenticode computes, other files by that of all their bytes; makecat lists cabinets as they are
 * signed.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type Budget, type ByteSource, hasCode, visitPieces } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import type { TrustList, TrustListMember } from "../../formats/catalog/trust-list.ts";
import { readPeHeaders } from "../../formats/pe/headers.ts";
import { listedCabDigest } from "../authenticode/cab-digest.ts";
import { digestImage } from "../authenticode/image-digest.ts";
import { readIndirectData, SPC_INDIRECT_DATA } from "../authenticode/indirect-data.ts";

/** The strongest first. */
const ALGORITHMS: readonly DigestName[] = ["sha512", "sha384", "sha256", "sha1"];

export interface FileDigest {
  readonly algorithm: DigestName;
  readonly digest: Buffer;
  /** `bytes`: of all bytes; `image`, `cabinet`: of what Authenticode covers. */
  readonly over: "bytes" | "image" | "cabinet";
}

/** Every digest under which a catalog may list the file, the strongest first, all bytes before what is covered. */
export async function digestsOfFile(
  source: ByteSource,
  { format, budget }: { readonly format: string; readonly budget: Budget },
): Promise<readonly FileDigest[]> {
  const hashes = ALGORITHMS.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  await visitPieces(source, (bytes) => {
    budget.checkTime();
    for (const { hash } of hashes) hash.update(bytes);
  });
  const whole = hashes.map(
    ({ algorithm, hash }): FileDigest => ({ algorithm, digest: hash.digest(), over: "bytes" }),
  );
  const covered = await coveredDigests(source, format, budget);
  const rank = ({ algorithm }: FileDigest) => ALGORITHMS.indexOf(algorithm);
  return [...whole, ...covered].toSorted((a, b) => rank(a) - rank(b));
}

/** None of a file too damaged to compute them: its bytes may be listed all the same. */
async function coveredDigests(source: ByteSource, format: string, budget: Budget): Promise<FileDigest[]> {
  try {
    if (format === "pe") {
      const { digests } = await digestImage(source, await readPeHeaders(source), ALGORITHMS, budget);
      return [...digests].map(([algorithm, digest]) => ({ algorithm, digest, over: "image" }));
    }
    if (format !== "cab") return [];
    const found: FileDigest[] = [];
    for (const algorithm of ALGORITHMS)
      found.push({
        algorithm,
        digest: await listedCabDigest(source, { algorithm, budget }),
        over: "cabinet",
      });
    return found;
  } catch (error) {
    if (!(error instanceof ArtifactError) || hasCode(error, "artifact.over-limit")) throw error;
    return [];
  }
}

/** How many files the list names, and the first of the digests that is among them. */
export function findListed(
  list: TrustList,
  digests: readonly FileDigest[],
): { readonly members: number; readonly listed: FileDigest | undefined } {
  const asked = new Map(digests.map((one): [string, FileDigest] => [nameOf(one.algorithm, one.digest), one]));
  const found = new Set<FileDigest>();
  let members = 0;
  for (const member of list.members()) {
    members += 1;
    for (const name of asked.size === 0 ? [] : namesOf(member)) {
      const one = asked.get(name);
      if (one !== undefined) found.add(one);
    }
  }
  return { members, listed: digests.find((one) => found.has(one)) };
}

const nameOf = (algorithm: DigestName, digest: Buffer): string => `${algorithm}:${digest.toString("hex")}`;

/** The signed digest of the file, where the member holds one; otherwise the one that names it. */
function namesOf(member: TrustListMember): string[] {
  const named = digestNaming(member.subject);
  const values = member.values(SPC_INDIRECT_DATA);
  if (values.length === 0) return named === undefined ? [] : [nameOf(...named)];
  return values.flatMap((value) => {
    const { digestName, digest } = readIndirectData(value);
    if (digestName === undefined) return [];
    // Two digests of one kind that differ: readers look at one or the other.
    if (named?.[0] === digestName && !named[1].equals(digest)) return [];
    return [nameOf(digestName, digest)];
  });
}

const BY_LENGTH: ReadonlyMap<number, DigestName> = new Map([
  [20, "sha1"],
  [32, "sha256"],
  [48, "sha384"],
  [64, "sha512"],
]);

/** The bytes of a digest, or its hexadecimal text in UTF-16 with a zero behind it. Others are names made up. */
function digestNaming(subject: Buffer): [DigestName, Buffer] | undefined {
  const raw = BY_LENGTH.get(subject.length);
  if (raw !== undefined) return [raw, subject];
  const text = /^([0-9A-Fa-f]{40,128})\0?$/.exec(subject.subarray(0, 512).toString("utf16le"))?.[1] ?? "";
  const digest = Buffer.from(text, "hex");
  const name = BY_LENGTH.get(digest.length);
  return name === undefined ? undefined : [name, digest];
}
