/**
 * Compares code with its CodeDirectories: every page, every special slot, and each directory with the others.
 * Source: Apple, TN3126 "Inside Code Signing: Hashes"; xnu, osfmk/kern/cs_blobs.h.
 * @module
 */

import { ArtifactError, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import type { VerifyContext } from "../scheme.ts";
import { type CodeDirectory, readCodeDirectory } from "./code-directory.ts";
import { comparePages } from "./pages.ts";
import type { SignedCode } from "./signed-code.ts";
import { compareSpecialSlots, type OutsideHash } from "./special-slots.ts";
import { type Blob, isAlternate, readSuperBlob, SLOT } from "./super-blob.ts";

export interface Problem {
  readonly outcome: "fail" | "unknown";
  readonly because: string;
  readonly facts?: Finding["facts"];
}

export interface SealedCode {
  readonly code: SignedCode;
  readonly blobs: readonly Blob[];
  readonly primary: CodeDirectory;
  /** The primary and its alternates. */
  readonly directories: readonly CodeDirectory[];
  readonly best: CodeDirectory;
  readonly outside: readonly OutsideHash[];
  readonly problem: Problem | undefined;
  /** Of `certificate-table`. */
  readonly hidden: readonly Finding[];
}

/** @throws {@link ArtifactError} when the signature cannot be read */
export async function compareCode(code: SignedCode, context: VerifyContext): Promise<SealedCode> {
  const { offsetBytes, sizeBytes } = code.signature;
  const bytes = await readExactly(code.source, offsetBytes, sizeBytes, "code signature");
  const { blobs, findings } = readSuperBlob(bytes);
  const found = blobs.filter(({ slot }) => slot === SLOT.codeDirectory || isAlternate(slot));
  const directories = found
    .toSorted((one, other) => one.slot - other.slot)
    .map((blob) => readCodeDirectory(blob.bytes));
  const [primary] = directories;
  if (primary === undefined || found.every(({ slot }) => slot !== SLOT.codeDirectory))
    throw new ArtifactError("artifact.malformed", "code signature: it has no CodeDirectory");
  const slots = directories.map((directory) => compareSpecialSlots(directory, blobs, code));
  const problem =
    judgeDirectories(directories, code) ??
    (await judgePages(directories, code, context)) ??
    asProblem(slots.find((one) => one.problem !== undefined)?.problem);
  const best = directories.toSorted((one, other) => RANK[other.digest] - RANK[one.digest])[0] ?? primary;
  const outside = slots[directories.indexOf(best)]?.outside ?? [];
  return { code, blobs, primary, directories, best, outside, problem, hidden: findings };
}

const RANK = { md5: 0, sha1: 1, sha224: 2, sha256: 3, sha384: 4, sha512: 5 } as const;

export const asProblem = (because: string | undefined): Problem | undefined =>
  because === undefined ? undefined : { outcome: "fail", because };

/** All say the same of the same code, which ends where its signature begins. */
function judgeDirectories(directories: readonly CodeDirectory[], code: SignedCode): Problem | undefined {
  const [primary] = directories;
  for (const directory of directories) {
    const { codeLimitBytes } = directory;
    if (codeLimitBytes !== code.signature.offsetBytes)
      return {
        outcome: "fail",
        because: "its pages do not end where the code signature begins",
        facts: { codeLimitBytes, offsetBytes: code.signature.offsetBytes },
      };
    const same =
      directory.identifier === primary?.identifier &&
      directory.teamIdentifier === primary.teamIdentifier &&
      directory.flags === primary.flags;
    if (!same) return { outcome: "fail", because: "its CodeDirectories say different things of the code" };
  }
  return undefined;
}

async function judgePages(
  directories: readonly CodeDirectory[],
  code: SignedCode,
  { budget }: VerifyContext,
): Promise<Problem | undefined> {
  const [mismatch] = await comparePages(code.source, directories, budget);
  if (mismatch === undefined) return undefined;
  return {
    outcome: "fail",
    because: "the code was changed after it was signed: a page does not have the signed hash",
    facts: { page: mismatch.page, offsetBytes: mismatch.offsetBytes, digest: mismatch.directory.digest },
  };
}
