/** A decision that rests on a person's word alone: the word is the evidence and the policy at once. @module */

import type { Decision, JsonObject, Subject, Verdict } from "@sallyport/core";
import { version } from "./version.ts";

export interface PersonsWord {
  readonly subject: Subject;
  readonly verdict: Verdict;
  /** One sentence: who said what, and why. */
  readonly because: string;
  readonly facts: JsonObject;
}

/** For the log: accepting a signer, ending what was accepted. */
export function decisionOf({ subject, verdict, because, facts }: PersonsWord, now: Date): Decision {
  return {
    subject,
    verdict,
    reasons: [{ policy: "person", verdict, because, evidence: [0] }],
    evidence: [{ source: "gate/people/word", kind: "world", outcome: "pass", because, facts }],
    notChecked: [],
    replay: {
      now: now.toISOString(),
      policyHash: "",
      withoutDefaults: [],
      snapshotIds: [],
      anchorSetHash: "",
      engineVersion: version,
    },
  };
}
