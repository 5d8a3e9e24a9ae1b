/** Writes down what was found about one code signature that somebody made. @module */

import type { Trust } from "../../code-signing/trust.ts";
import type { SignatureReport } from "../scheme.ts";
import type { CodeSignature } from "./cms-signature.ts";
import { codeHash } from "./code-directory.ts";
import type { Problem, SealedCode } from "./sealed-code.ts";
import { readStatements } from "./statements.ts";

export function writeReport(
  sealed: SealedCode,
  judged: {
    position: number;
    cms?: CodeSignature;
    trust?: Trust | undefined;
    problem: Problem | undefined;
  },
): SignatureReport {
  const { code, best } = sealed;
  const { cms, trust, problem, position } = judged;
  const stamp = trust?.timestamps.best;
  return {
    scheme: "apple-code",
    integrity: problem?.outcome ?? "pass",
    trust: problem === undefined && trust !== undefined ? trust.trust : "broken",
    because: problem?.because ?? trust?.because ?? "",
    signer: cms?.signer?.summary,
    chain: (trust?.path.chain ?? []).map(({ summary }) => summary),
    ...(trust?.path.outcome === "anchored" ? { anchorId: trust.path.anchor.id } : {}),
    digestAlgorithm: best.digest,
    digest: codeHash(best).toString("hex"),
    ...(stamp?.at === undefined
      ? {}
      : {
          timestamp: {
            kind: stamp.kind,
            at: stamp.at.toISOString(),
            verified: stamp.outcome === "verified",
            authority: stamp.authority?.summary.commonName,
          },
        }),
    position,
    facts: {
      ...(code.slice === undefined ? {} : { slice: code.slice }),
      ...readStatements(best, sealed),
    },
  };
}
