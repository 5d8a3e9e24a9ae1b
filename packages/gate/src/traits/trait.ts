/**
 * The seam for what two releases are compared by. One folder and one line in `registry.ts` per trait. A trait observes
 * one member in the parser process, and later, in another caged process, compares what it observed in two releases.
 * @module
 */

import type { Budget, ByteSource, Json, JsonObject } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import type { RulePack } from "../rules/rule-pack.ts";

export interface Trait<Value = unknown> {
  /** Stable, kebab-case; shown beside each difference: `imports`. */
  readonly id: string;
  /** For people: `Imported functions`. */
  readonly title: string;
  /** What it asks of two releases. */
  readonly question: string;
  /** The document it follows. */
  readonly document: string;
  /** Refined names of the formats it observes; absent: every member that holds nothing else, and executables. */
  readonly formats?: readonly string[];
  /** What it reports while it observes is evidence without a comparison, so it is always asked. */
  readonly isEvidence?: true;
  /** The rules of its differences, by id, with what each says: one line each, for the documentation and SARIF. */
  readonly rules?: Readonly<Record<string, string>>;
  /**
   * Looks at many small members at once, for little: in which of them may there be something that `observe` looks for?
   * It is told of the others by `isClear`.
   */
  screen?(members: readonly Uint8Array[]): Promise<readonly boolean[]>;
  /**
   * Looks at one member and keeps what comparing needs: small, plain JSON. Runs in the study thread of the parser
   * process, over hostile bytes; {@link ArtifactError} when they are not what their format promises.
   * @returns undefined when there is nothing to keep
   */
  observe?(source: ByteSource, context: ObserveContext): Promise<Value | undefined>;
  /** Compares one member with what it was. Asked for every pair that is not the same bytes, and for what came or went. */
  compare?(pair: Pair, context: CompareContext): Iterable<Difference>;
  /** Compares the releases as wholes: what only the sight of all members can tell. Asked once. */
  compareReleases?(context: CompareContext): Iterable<Difference & { readonly path: string }>;
}

export interface ObserveContext {
  readonly budget: Budget;
  /** Refined name: `pe`, `jar`, `data`. */
  readonly format: string;
  /** As shown, to tell by its last part what a text is for; two members with the same bytes are observed once. */
  readonly path: string;
  /** Longest piece of memory that may be asked for at once, in bytes. */
  readonly maxHeldBytes: number;
  /** The trait's own screen found nothing in it. */
  readonly isClear?: boolean;
  /** Rules that the person brought with `--rules`. */
  readonly rulePacks: readonly RulePack[];
  /** For what is evidence without a comparison. */
  readonly report: (finding: Finding) => void;
}

/** One member as the parser process drew it. */
export interface Portrait {
  readonly member: ArtifactMember;
  /** What the trait with this id observed; read it with {@link observed}. */
  value(traitId: string): unknown;
}

/** @returns what the trait observed in the member; the parser process wrote it, in the trait's own shape */
export const observed = <Value>(
  portrait: Portrait | undefined,
  trait: Pick<Trait<Value>, "id" | "observe">,
): Value | undefined => portrait?.value(trait.id) as Value | undefined;

/** A member in both releases, or in one of them. */
export interface Pair {
  readonly before: Portrait | undefined;
  readonly after: Portrait | undefined;
  /** How the two were found to belong together. */
  readonly how: PairedBy;
}

export type PairedBy = "path" | "identity" | "similarity" | "added" | "removed";

export interface Release {
  readonly root: Portrait;
  /** Everything inside, the root as well, in the order it was met. */
  readonly members: readonly Portrait[];
  byPath(path: string): Portrait | undefined;
}

export interface CompareContext {
  readonly before: Release;
  readonly after: Release;
  /** Every pair, the unchanged as well. */
  readonly pairs: readonly Pair[];
  /** When the releases are compared; absent where nobody says. */
  readonly now?: Date;
  /** Its time is what comparing may take. */
  readonly budget: Budget;
}

/**
 * - `critical`: no ordinary release does this; refused by default.
 * - `high`: an ordinary release hardly does this; held by default, a person looks first.
 * - `medium`, `low`: worth a reviewer's look, in this order.
 * - `info`: what an ordinary update brings.
 */
export type Risk = "critical" | "high" | "medium" | "low" | "info";

export interface Difference {
  /** Key of the trait's `rules`. */
  readonly rule: string;
  readonly risk: Risk;
  /** One sentence a person can act on; the path is shown beside it. Equal sentences of one rule are shown once, with their paths. */
  readonly because: string;
  /** What to look at oneself. */
  readonly before?: Excerpt;
  readonly after?: Excerpt;
  /** Units in the keys. */
  readonly facts?: JsonObject;
}

export interface Excerpt {
  /** From the start of the member. */
  readonly offsetBytes?: number;
  /** Up to 64 bytes there. */
  readonly hex?: string;
  /** A string, a list joined by line ends, or a unified hunk; at most 4,000 characters. */
  readonly text?: string;
}

/** A trait whose value is told to the compiler once, here; what is observed must be JSON. */
export const defineTrait = <Value extends Json | object>(trait: Trait<Value>): Trait<Value> => trait;
