/** Writes down what was found about one code signature that somebody made. @module */

import { reportSignature } from "../../code-signing/report.ts";
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
  return reportSignature({
    scheme: "apple-code",
    position,
    signer: cms?.signer,
    trust,
    problem,
    digestAlgorithm: best.digest,
    digest: codeHash(best),
    facts: {
      ...(code.slice === undefined ? {} : { slice: code.slice }),
      ...readStatements(best, sealed),
    },
  });
}
