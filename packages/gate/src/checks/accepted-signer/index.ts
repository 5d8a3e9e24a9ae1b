/**
 * A valid signature says who. Only somebody here can say that this signer, for this product, is welcome:
 * a bought certificate opens nothing.
 * @module
 */

import { type SignatureReport, TRUSTED } from "../../signatures/scheme.ts";
import type { AcceptedSigner, Check } from "../check.ts";
import { signerName } from "../signature/index.ts";

export const acceptedSigner: Check = {
  id: "accepted-signer",
  question: "Has somebody here accepted this signer for this product?",
  kind: "world",
  document: "docs/policy.md, accepted signers",
  recall: "stands",
  policyFacts: { signer: "String", product: "String" },
  async examine({ artifact, context }) {
    const { signatures, identity } = artifact.root;
    if (signatures.length === 0) return { notChecked: "carries no signature" };
    const product = identity?.product ?? "";
    const trusted = signatures.filter(({ integrity, trust }) => integrity === "pass" && TRUSTED.has(trust));
    for (const report of trusted) {
      const { namedBy } = report;
      const signer = signerName(report);
      if (namedBy !== undefined)
        return {
          outcome: "pass",
          because: `signed by ${signer}, named by ${namedBy}`,
          facts: { signer, product, acceptedAs: namedBy },
        };
      const acceptance = context.acceptedSigners.find((accepted) => accepts(accepted, report, product));
      if (acceptance === undefined) continue;
      const because = `signed by ${signer}, accepted by ${acceptance.origin}`;
      return { outcome: "pass", because, facts: { signer, product, acceptedAs: acceptance.text } };
    }
    const names = [...new Set((trusted.length > 0 ? trusted : signatures).map(signerName))].join(" and ");
    const because =
      trusted.length > 0
        ? refusal(names, trusted, context.acceptedSigners)
        : `signed by ${names}, which is not proven`;
    return { outcome: "fail", because, facts: { signer: names, product } };
  },
};

function refusal(
  names: string,
  trusted: readonly SignatureReport[],
  accepted: readonly AcceptedSigner[],
): string {
  const elsewhere = accepted.find((entry) => trusted.some((report) => isNamed(entry, report)));
  return elsewhere?.product === undefined
    ? `signed by ${names}, whom nobody here has accepted`
    : `signed by ${names}, accepted here only for ${elsewhere.product}`;
}

/** What the artifact says it is, and where the signer says it, too, that as well. */
const accepts = (accepted: AcceptedSigner, report: SignatureReport, product: string): boolean =>
  isNamed(accepted, report) &&
  (accepted.product === undefined ||
    [product, report.product ?? product].every((name) => name === accepted.product));

/** Exact: a name that merely looks alike is another signer. */
function isNamed({ text }: AcceptedSigner, { signer }: SignatureReport): boolean {
  if (signer === undefined || text === "") return false;
  if (/^sha256:/i.test(text)) return text.toLowerCase() === `sha256:${signer.sha256.toLowerCase()}`;
  return text === signer.commonName || text === signer.organisation;
}
