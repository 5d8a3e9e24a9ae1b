/** Turns what was seen in the members into evidence, bounded, and sums up what was found in order. @module */

import type { Evidence, JsonObject, Outcome } from "@sallyport/core";
import type { Finding, FindingCheck } from "../finding.ts";

/** Evidence of one check with one outcome beyond this is counted, not listed: a hostile file could fill the memory. */
const LISTED_FINDINGS = 200;
const SHOWN_CHARACTERS = 1000;
/** Members of which it is told what they can do: those that can do most. */
const STRONGEST_MEMBERS = 5;

const ALWAYS: readonly FindingCheck[] = ["opened", "structure", "member-names"];
const WHEN_SIGNED: readonly FindingCheck[] = ["integrity", "certificate-table", "weak-digest"];

const IN_ORDER: Readonly<Record<FindingCheck, string>> = {
  opened: "everything inside was opened",
  structure: "every reader would see the same content",
  "member-names": "every name inside stays inside",
  integrity: "every signature covers its file",
  "certificate-table": "nothing is hidden in or beside a signature",
  "weak-digest": "every signature uses a digest that still holds",
  behaviours: "the code inside was looked at",
  rules: "no rule that was brought along matches",
};

interface Tally {
  readonly finding: Finding;
  readonly path: string;
  count: number;
}

interface Strong {
  readonly finding: Finding;
  readonly path: string;
  readonly strength: number;
}

export class Recorder {
  readonly #emit: (evidence: Evidence) => void;
  readonly #tallies = new Map<string, Tally>();
  readonly #passes = new Map<FindingCheck, Tally>();
  #strongest: Strong[] = [];
  #anySigned = false;

  constructor(emit: (evidence: Evidence) => void) {
    this.#emit = emit;
  }

  /** Some member carries a signature or a place for one, so the checks on signatures apply. */
  noteSigned(): void {
    this.#anySigned = true;
  }

  /** @param path - of the member the finding is about, as shown */
  record(finding: Finding, path: string): void {
    if (finding.outcome === "pass") {
      if (finding.check === "behaviours") this.#keepStrongest(finding, path);
      count(this.#passes, finding.check, { finding, path, count: 0 });
      return;
    }
    const key = keyOf(finding.check, finding.outcome, { escapes: finding.facts.escapes === true, path });
    const tally = count(this.#tallies, key, { finding, path, count: 0 });
    if (tally.count <= LISTED_FINDINGS) this.#emit(toEvidence(finding, path));
  }

  /** What remains to be said at the end: what was counted only, and every check that found nothing bad. */
  finish(): void {
    for (const { finding, path, count } of this.#tallies.values()) {
      if (count <= LISTED_FINDINGS) continue;
      const because = `${count - LISTED_FINDINGS} more of: ${finding.because}`;
      this.#emit(toEvidence({ ...finding, because, facts: keepEscapes(finding.facts) }, path));
    }
    this.#sumUpEscapes();
    for (const { finding, path } of this.#strongest) this.#emit(toEvidence(finding, path));
    const bad = new Set([...this.#tallies.values()].map(({ finding }) => finding.check));
    const applying = this.#anySigned ? [...ALWAYS, ...WHEN_SIGNED] : ALWAYS;
    for (const check of new Set<FindingCheck>([...applying, ...this.#passes.keys()]))
      if (!bad.has(check) && !(check === "behaviours" && this.#strongest.length > 0))
        this.#emit(this.#summary(check));
  }

  #keepStrongest(finding: Finding, path: string): void {
    const strength = Number(finding.facts.strength ?? 0);
    if (!(strength > 0)) return;
    this.#strongest = [...this.#strongest, { finding, path, strength }]
      .sort((a, b) => b.strength - a.strength)
      .slice(0, STRONGEST_MEMBERS);
  }

  #summary(check: FindingCheck): Evidence {
    const pass = this.#passes.get(check);
    if (pass?.count === 1) return toEvidence(pass.finding, pass.path);
    return toEvidence({ check, outcome: "pass", because: IN_ORDER[check], facts: {} }, "");
  }

  /** A policy reads the facts of the first evidence in path order: one that escapes must not stand behind another. */
  #sumUpEscapes(): void {
    const names = [...this.#tallies.values()].filter(({ finding }) => finding.check === "member-names");
    const countOf = (escapes: boolean) =>
      names
        .filter(({ finding }) => finding.outcome === "fail" && (finding.facts.escapes === true) === escapes)
        .reduce((sum, { count }) => sum + count, 0);
    const [escaping, unsafe] = [countOf(true), countOf(false)];
    if (escaping === 0 || unsafe === 0) return;
    const because = `${escaping + unsafe} names are unsafe, ${escaping} of them leave their folder`;
    this.#emit(toEvidence({ check: "member-names", outcome: "fail", because, facts: { escapes: true } }, ""));
  }
}

/**
 * What is counted together. The artifact itself counts apart from its members: it is judged last, policies ask for
 * its own evidence, and it must neither be lost behind theirs nor answer for them.
 */
const keyOf = (check: string, outcome: Outcome, at: { escapes: boolean; path: string }): string =>
  `${check} ${outcome} ${at.escapes} ${at.path === "" ? "artifact" : "member"}`;

function count<Key>(tallies: Map<Key, Tally>, key: Key, fresh: Tally): Tally {
  const tally = tallies.get(key) ?? fresh;
  tally.count += 1;
  tallies.set(key, tally);
  return tally;
}

const keepEscapes = (facts: JsonObject): JsonObject =>
  facts.escapes === undefined ? {} : { escapes: facts.escapes };

/** Evidence of a content check. */
export function toEvidence(
  finding: { check: FindingCheck; outcome: Outcome; because: string; facts: JsonObject },
  path: string,
): Evidence {
  return {
    source: `gate/checks/${finding.check}`,
    kind: "content",
    outcome: finding.outcome,
    ...(path !== "" && { path }),
    because: finding.because.slice(0, SHOWN_CHARACTERS),
    facts: finding.facts,
  };
}
