/** The seam for checks. One folder and one line in `registry.ts` per check. @module */

import type { Clock, Evidence, EvidenceKind, FactType, Intel, JsonObject, Outcome } from "@sallyport/core";
import type { Artifact } from "../artifact.ts";
import type { Comparison } from "../diff/comparison.ts";
import type { TwinMemory } from "./twin/memory.ts";

export interface Check {
  /** Stable, kebab-case; the last part of its evidence's source and its name in policies. */
  readonly id: string;
  readonly question: string;
  readonly kind: EvidenceKind;
  /** The document it follows. */
  readonly document: string;
  /**
   * Facts of the worst evidence that policies may read, with their Cedar types. A Bool marks something grave:
   * policies see it true when any evidence of the worst outcome says so.
   */
  readonly policyFacts?: Readonly<Record<string, FactType>>;
  /**
   * Looks at the whole artifact after it was opened. Absent for checks that formats and schemes report to
   * while they read: their findings are already evidence; and for checks with a {@link Recall}.
   */
  examine?(request: ExamineRequest): Promise<CheckResult>;
  /**
   * World checks: how `hunt` asks again, when the file may be gone and the world knows more. `stands`: what it saw counts as it
   * was seen, because it was about what a person brought along that time. Absent: a decision that rests on it
   * needs the file to be looked at again.
   */
  readonly recall?: Recall | "stands";
}

/**
 * A question in two halves, in place of `examine`: what of the artifact it has to know, and the asking. Both run in
 * every check, and the second alone in `hunt`, so that asking again cannot differ from asking.
 *
 * ```ts
 * recall: {
 *   ask: ({ artifact }) => ({ claims: claimsOf(artifact) }),
 *   answer: async (asked, { intel }) => judge(await lifecyclesOf(readClaims(asked), intel)),
 * }
 * ```
 */
export interface Recall {
  /**
   * What it asks about, as small JSON: claims, hashes, serials, with the paths of their members. What a person brought
   * and is needed again (`origin`) belongs to it. Kept beside the decision, not in the facts; also when the
   * answer is `notChecked`, because a source that comes later is asked then. Its members are packed one by one where they
   * are long; what is too long all the same (`MAX_KEPT_CHARACTERS`) is not kept, and the decision needs the file to be looked
   * at again.
   */
  ask(request: ExamineRequest): JsonObject;
  /**
   * @param asked - what `ask` gave, now or years ago: read it with care, a missing member is an older version's
   * @param context - in `hunt` only `clock`, `label`, `acceptedSigners`, `exception`, `intel` and `firstSeenAt` are filled
   */
  answer(asked: JsonObject, context: CheckContext): Promise<CheckResult>;
  /**
   * What of today's knowledge only the bytes could tell, as one sentence; absent, or undefined, when the answer is whole.
   * Asked in `hunt` alone.
   */
  unseen?(asked: JsonObject, context: CheckContext): Promise<string | undefined>;
}

export interface ExamineRequest {
  readonly artifact: Artifact;
  readonly context: CheckContext;
  /** What was seen while it was opened; none when left out. */
  readonly evidence?: readonly Evidence[];
}

/** What the person or the store brought along. */
export interface CheckContext {
  readonly clock: Clock;
  /** `sha256:…` the person expects, from `--expect`. */
  readonly expectedHash: string | undefined;
  /** A file in which the vendor published hashes, from `--published`. */
  readonly published: { readonly name: string; readonly text: string } | undefined;
  /**
   * Hashes the artifact once more, lower-case hex: published files use other digests than ours.
   * Absent where its bytes are not at hand.
   */
  readonly rootDigest?: (algorithm: RootDigestAlgorithm) => Promise<string>;
  /** The name the artifact came under: published lists name files. */
  readonly label: string;
  /** From `--signer` and `accept signer`. */
  readonly acceptedSigners: readonly AcceptedSigner[];
  /** Names of the rules that were brought along with `--rules`; none when left out. */
  readonly rulePacks?: readonly string[];
  /** Rules that are kept here and cannot be asked, each with its name and why. */
  readonly refusedRules?: readonly string[];
  /** The last good release, compared with this one. */
  readonly baseline?: Baseline;
  /** A person's exception for this content hash that has not ended. */
  readonly exception: Exception | undefined;
  /** What is remembered of other artifacts. */
  readonly twins?: TwinMemory;
  /** What the world knows. */
  readonly intel?: Intel;
  /** Where it came from, as far as anybody says. */
  readonly origin?: Origin;
  /** When exactly these bytes were first judged here. */
  readonly firstSeenAt?: Date;
}

/** Where the bytes came from. */
export interface Origin {
  /** What was asked for first, and every redirect up to what sent the bytes; one from `--origin`. */
  readonly urls: readonly string[];
  /** Who says so: `--origin`, `download`, `mark-of-the-web`. */
  readonly toldBy: "--origin" | "download" | "mark-of-the-web";
  /** What the server said of itself and of the bytes, when we fetched them: certificate, dates, type. */
  readonly download?: JsonObject;
}

/** Beside SHA-256, which every member has. The weak ones can only contradict. */
export type RootDigestAlgorithm = "md5" | "sha1" | "sha384" | "sha512";

/** The release that this one is measured by. */
export interface Baseline {
  /** The name it came under. */
  readonly label: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly comparison: Comparison;
  /** When it was last let in here; absent when it was not. ISO 8601, UTC. */
  readonly admittedAt?: string;
  /** Whether a person's exception admitted it the last time it was judged. */
  readonly isAdmittedByPerson?: boolean;
  /** Where it came from, each time that somebody said so. */
  readonly origins?: readonly Origin[];
}

export interface AcceptedSigner {
  /** Common name or organisation, exact, or `sha256:` of the certificate. */
  readonly text: string;
  /** Product it was accepted for; any when given by `--signer` for this one check. */
  readonly product: string | undefined;
  /** `--signer` or who accepted it and why. */
  readonly origin: string;
  /** Somebody accepted it for longer than this one check: whether that still holds is asked again. */
  readonly isLasting?: boolean;
}

export interface Exception {
  readonly owner: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  /** Refusing policies it overrides, by id. */
  readonly overrides: readonly string[];
  /** Everybody who made one for these bytes that is in force, this one's owner too; they alone when left out. */
  readonly owners?: readonly string[];
}

export interface Observation {
  readonly outcome: Outcome;
  readonly because: string;
  readonly facts: JsonObject;
  /** Path of the member it is about. */
  readonly path?: string;
}

/** Evidence, or the reason why there is none. */
export type CheckResult = Observation | readonly Observation[] | { readonly notChecked: string };
