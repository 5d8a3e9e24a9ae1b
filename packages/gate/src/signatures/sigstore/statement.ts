/**
 * in-toto statements: which files an attestation is about. The verifier library does not compare them with the file,
 * so it is done here, for every digest a subject offers. Source: in-toto attestation framework, Statement v0.1 and v1.
 * @module
 */

import { ArtifactError, type Json } from "@sallyport/core";
import { isJsonObject, listMember, member, readJson, textMember } from "../../json/read-json.ts";
import type { DigestName, FileDigests } from "./file-digests.ts";

export interface Statement {
  readonly subjects: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: Json | undefined;
}

export interface Subject {
  readonly name: string;
  /** By the names in-toto uses; hex, lower case. */
  readonly digests: ReadonlyMap<string, string>;
}

export const IN_TOTO = "application/vnd.in-toto+json";
const TYPES: ReadonlySet<string> = new Set([
  "https://in-toto.io/Statement/v0.1",
  "https://in-toto.io/Statement/v1",
]);
const MAX_SUBJECTS = 20_000;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported` for another type of statement */
export function readStatement(payload: Uint8Array): Statement {
  const document = readJson(payload, "the statement");
  const type = textMember(document, "_type") ?? "";
  if (!TYPES.has(type))
    throw new ArtifactError("artifact.unsupported", `the statement is of type "${type.slice(0, 100)}"`);
  const subjects = listMember(document, "subject") ?? [];
  const predicateType = textMember(document, "predicateType") ?? "";
  if (subjects.length === 0) throw malformed("is about no file");
  if (subjects.length > MAX_SUBJECTS) throw malformed(`is about more than ${MAX_SUBJECTS} files`);
  if (predicateType === "") throw malformed("does not say what it states");
  return { subjects: subjects.map(readSubject), predicateType, predicate: member(document, "predicate") };
}

function readSubject(subject: Json): Subject {
  const digest = member(subject, "digest");
  if (!isJsonObject(digest)) throw malformed("has a subject without a digest");
  const digests = new Map<string, string>();
  for (const [name, value] of Object.entries(digest)) {
    if (typeof value !== "string") throw malformed("has a digest that is no text");
    digests.set(name, value.toLowerCase());
  }
  return { name: textMember(subject, "name") ?? "", digests };
}

export type SubjectMatch =
  | { readonly outcome: "match"; readonly subject: Subject; readonly algorithm: DigestName }
  | { readonly outcome: "contradiction" | "other-file"; readonly because: string };

/** in-toto, DigestSet: the names that say the same as one of ours. */
export const IN_TOTO_DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ["sha256", "sha256"],
  ["sha384", "sha384"],
  ["sha512", "sha512"],
  ["sha3_256", "sha3-256"],
  ["sha3_384", "sha3-384"],
  ["sha3_512", "sha3-512"],
  ["sha1", "sha1"],
  ["md5", "md5"],
]);
/** These never prove a match; they can still contradict one. */
const WEAK: ReadonlySet<DigestName> = new Set<DigestName>(["sha1", "md5"]);

/** Finds the subject that is this file: every digest it offers and we know must be the file's. */
export function matchSubject(subjects: readonly Subject[], file: FileDigests): SubjectMatch {
  for (const subject of subjects) {
    const offered = [...subject.digests].flatMap(([name, value]) => {
      const algorithm = IN_TOTO_DIGESTS.get(name);
      return algorithm === undefined ? [] : [{ algorithm, equal: file.get(algorithm) === value }];
    });
    const proof = offered.find(({ algorithm, equal }) => equal && !WEAK.has(algorithm));
    if (proof === undefined) continue;
    const other = offered.find(({ equal }) => !equal);
    if (other !== undefined)
      return {
        outcome: "contradiction",
        because: `its subject has the file's ${proof.algorithm} and another file's ${other.algorithm}`,
      };
    return { outcome: "match", subject, algorithm: proof.algorithm };
  }
  return { outcome: "other-file", because: "none of the files it is about is this one" };
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `the statement ${message}`);
