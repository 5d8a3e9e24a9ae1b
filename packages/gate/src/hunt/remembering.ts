/** The same question is asked of the world once for many decisions: the same libraries are in everything. @module */

import type { Claim, Intel, Known, Vulnerability } from "@sallyport/core";

/** Beyond, what was asked first is forgotten. */
const MAX_REMEMBERED = 5_000;

/** @param intel - must stand still for as long as the answers are used */
export function rememberingIntel(intel: Intel): Intel {
  const lifecycles = remembering((claim: Claim) => intel.lifecycles(claim));
  const vulnerabilitiesOf = async (claim: Claim) => (await intel.vulnerabilities([claim]))[0] ?? [];
  const vulnerabilities = remembering(vulnerabilitiesOf);
  const suppliers = remembering((name: string) => intel.supplier(name));
  const values = remembering((kind: Parameters<Intel["indicatorValues"]>[0]) => intel.indicatorValues(kind));
  const kinds = remembering((kind: Parameters<Intel["hasIndicators"]>[0]) => intel.hasIndicators(kind));
  const topics = new Map<string, ReturnType<Intel["snapshotsOn"]>>();
  return {
    snapshots: intel.snapshots,
    snapshotsOn(topic) {
      const known = topics.get(topic) ?? intel.snapshotsOn(topic);
      topics.set(topic, known);
      return known;
    },
    lifecycles: (claim) => (isOwn(claim) ? intel.lifecycles(claim) : lifecycles(claim)),
    // Hashes are each file's own.
    indicators: (observables) => intel.indicators(observables),
    indicatorValues: values,
    hasIndicators: kinds,
    supplier: suppliers,
    witnesses: (sha256, claim) => intel.witnesses(sha256, claim),
    async vulnerabilities(claims) {
      const all: (readonly Known<Vulnerability>[])[] = [];
      for (const claim of claims)
        all.push(await (isOwn(claim) ? vulnerabilitiesOf(claim) : vulnerabilities(claim)));
      return all;
    },
  };
}

/** A claim with the file's name is hardly asked twice. */
const isOwn = ({ fileName }: Claim): boolean => fileName !== undefined;

function remembering<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (question) => {
    const key = JSON.stringify(question);
    const answered = known.get(key);
    if (answered !== undefined) return answered;
    const oldest = known.size < MAX_REMEMBERED ? undefined : known.keys().next().value;
    if (oldest !== undefined) known.delete(oldest);
    const answer = ask(question);
    known.set(key, answer);
    return answer;
  };
}
