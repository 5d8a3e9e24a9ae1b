/**
 * Which parts a signature covers: the list in its signed object, each part compared with its digest and with the
 * content type it had. Source: ECMA-376-2 §10.5.4 (Manifest), §10.5.8 (part references).
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type Budget } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import type { ZipEntry } from "../../formats/zip/lookup.ts";
import { digestOf } from "../../xml-signature/algorithms.ts";
import type { Reference } from "../../xml-signature/reference.ts";

import { keyOf, type OpcPackage } from "./package.ts";

import { transformPart } from "./transforms.ts";

export interface Coverage {
  /** Keys of the parts that are what was signed. */
  readonly covered: ReadonlySet<string>;
  /** Sentences about parts that are not. */
  readonly problems: readonly PartProblem[];
  readonly digests: readonly DigestName[];
}

export interface PartProblem {
  readonly outcome: "fail" | "unknown";
  readonly because: string;
}

/** What signing adds itself cannot be signed before. */
const SIGNATURE_TYPES = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/";
/** All together: what is not digested as it stands is read and written anew. */
const MAX_XML_BYTES = 16 * 1024 * 1024;

export async function judgeParts(
  opc: OpcPackage,
  references: readonly Reference[],
  budget: Budget,
): Promise<Coverage> {
  const covered = new Set<string>();
  const listed = new Set<string>();
  let xmlBytes = 0;
  const problems: PartProblem[] = [];
  const digests = new Set<DigestName>();
  for (const reference of references) {
    budget.checkTime();
    const { name, contentType } = readUri(reference.uri);
    const shown = name.slice(0, 200);
    const entry = opc.parts.get(keyOf(name));
    if (entry === undefined) {
      problems.push({ outcome: "fail", because: `${shown}, which was signed, is not there` });
      continue;
    }
    if (listed.has(keyOf(name)))
      throw new ArtifactError("artifact.malformed", `opc: ${shown} is listed twice in what was signed`);
    listed.add(keyOf(name));
    if (reference.transforms.length > 0) xmlBytes += entry.sizeBytes;
    if (xmlBytes > MAX_XML_BYTES)
      throw new ArtifactError("artifact.over-limit", "opc: more XML was signed than is read here");
    const digest = digestOf(reference.digestMethod);
    digests.add(digest);
    if (!isSameType(opc.contentType(name), contentType))
      problems.push({
        outcome: "fail",
        because: `${shown} has another content type than when it was signed`,
      });
    const { value, leftOut } = await digestPart(opc, entry, { reference, digest, budget });
    if (!value.equals(reference.digest))
      problems.push({ outcome: "fail", because: `${shown} is not what was signed` });
    else covered.add(keyOf(name));
    const unsigned = leftOut.find((type) => !type.startsWith(SIGNATURE_TYPES));
    if (unsigned !== undefined) {
      const because = `${shown} has a relationship that was not signed: ${unsigned.slice(0, 200)}`;
      problems.push({ outcome: "unknown", because });
    }
  }
  return { covered, problems, digests: [...digests] };
}

/** A part's name and, behind a question mark, the content type that it had. */
function readUri(uri: string): { name: string; contentType: string | undefined } {
  const at = uri.indexOf("?");
  const query = at < 0 ? undefined : /^ContentType=(.*)$/s.exec(uri.slice(at + 1))?.[1];
  const name = at < 0 ? uri : uri.slice(0, at);
  if (!name.startsWith("/") || (at >= 0 && query === undefined))
    throw new ArtifactError(
      "artifact.unsupported",
      `opc: the reference ${uri.slice(0, 200)} is not known here`,
    );
  return { name, contentType: query };
}

/** Media types do not tell case; some writers escape them in the reference. */
function isSameType(actual: string | undefined, signed: string | undefined): boolean {
  if (signed === undefined) return true;
  const plain = (type: string) => {
    try {
      return decodeURIComponent(type).toLowerCase().replaceAll(" ", "");
    } catch {
      return type.toLowerCase();
    }
  };
  return actual !== undefined && [signed.toLowerCase(), plain(signed)].includes(plain(actual));
}

async function digestPart(
  opc: OpcPackage,
  entry: ZipEntry,
  { reference, digest, budget }: { reference: Reference; digest: DigestName; budget: Budget },
): Promise<{ value: Buffer; leftOut: readonly string[] }> {
  const hash = createHash(digest);
  if (reference.transforms.length > 0) {
    const { bytes, leftOut } = transformPart(await opc.zip.read(entry, MAX_XML_BYTES), reference.transforms);
    return { value: hash.update(bytes).digest(), leftOut };
  }
  for await (const piece of opc.zip.content(entry)) {
    budget.checkTime();
    hash.update(piece);
  }
  return { value: hash.digest(), leftOut: [] };
}
