/** What the scheme has to say about one file, as it comes together. @module */

import { ArtifactError, hasCode, type JsonObject } from "@sallyport/core";
import type { Verdict } from "@sallyport/openpgp";
import type { Finding } from "../../finding.ts";
import { findInVerdict, reportVerdict } from "../openpgp-report.ts";
import type { SignatureReport } from "../scheme.ts";

const SCHEME = "openpgp";

export class Collection {
  readonly signatures: SignatureReport[] = [];
  readonly findings: Finding[] = [];

  add(verdict: Verdict, facts: JsonObject): void {
    const position = this.signatures.length;
    this.signatures.push(reportVerdict(verdict, { scheme: SCHEME, position, facts }));
    this.findings.push(...findInVerdict(verdict, { signature: position, ...facts }));
  }

  /** What the signature is over does not vouch for the file, however right it is. */
  addUnconnected(verdict: Verdict, because: string, facts: JsonObject): void {
    const position = this.signatures.length;
    const { namedBy: _, ...report } = reportVerdict(verdict, { scheme: SCHEME, position, facts });
    this.signatures.push({ ...report, integrity: "fail", trust: "broken", because });
    this.fail(`the signature is wrong: ${because}`, { signature: position, ...facts });
  }

  /** A signature that cannot be read protects nothing; one of an unknown kind may. */
  addBroken(error: unknown, name: string): void {
    if (!(error instanceof ArtifactError) || "limit" in error.facts) throw error;
    const outcome = hasCode(error, "artifact.malformed", "artifact.truncated") ? "fail" : "unknown";
    const because = `the signature in ${name} cannot be read: ${error.message}`;
    const position = this.signatures.length;
    this.signatures.push({
      scheme: SCHEME,
      integrity: outcome,
      trust: "broken",
      because,
      signer: undefined,
      chain: [],
      digestAlgorithm: "unknown",
      position,
      facts: {},
    });
    this.findings.push({ check: "integrity", outcome, because, facts: { signature: position } });
  }

  fail(because: string, facts: JsonObject): void {
    this.findings.push({ check: "integrity", outcome: "fail", because, facts });
  }
}
