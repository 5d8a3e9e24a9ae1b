/**
 * A valid signature says who. Only somebody here can say that this signer, for this product, is welcome:
 * a bought certificate opens nothing.
 * @module
 */

import type { AcceptedSigner, Check, CheckResult } from "../check.ts";
import { type Asked, type AskedSigner, askAbout, readAsked } from "./asked.ts";

export const acceptedSigner: Check = {
  id: "accepted-signer",
  question: "Has somebody here accepted this signer for this product?",
  kind: "world",
  document: "docs/policy.md, accepted signers",
  policyFacts: { signer: "String", product: "String" },
  recall: {
    ask: askAbout,
    answer: async (asked, context) => answer(readAsked(asked), context.acceptedSigners),
  },
};

function answer({ product, signers, brought }: Asked, lasting: readonly AcceptedSigner[]): CheckResult {
  if (signers.length === 0) return { notChecked: "carries no signature" };
  const accepted = [...brought, ...lasting];
  const trusted = signers.filter(({ isTrusted }) => isTrusted);
  for (const signer of trusted) {
    const { name, namedBy } = signer;
    if (namedBy !== undefined)
      return {
        outcome: "pass",
        because: `signed by ${name}, named by ${namedBy}`,
        facts: { signer: name, product, acceptedAs: namedBy },
      };
    const acceptance = accepted.find((one) => accepts(one, signer, product));
    if (acceptance === undefined) continue;
    const because = `signed by ${name}, accepted by ${acceptance.origin}`;
    return { outcome: "pass", because, facts: { signer: name, product, acceptedAs: acceptance.text } };
  }
  const names = [...new Set((trusted.length > 0 ? trusted : signers).map(({ name }) => name))].join(" and ");
  const because =
    trusted.length > 0 ? refusal(names, trusted, accepted) : `signed by ${names}, which is not proven`;
  return { outcome: "fail", because, facts: { signer: names, product } };
}

function refusal(
  names: string,
  trusted: readonly AskedSigner[],
  accepted: readonly AcceptedSigner[],
): string {
  const elsewhere = accepted.find((entry) => trusted.some((signer) => isNamed(entry, signer)));
  return elsewhere?.product === undefined
    ? `signed by ${names}, whom nobody here has accepted`
    : `signed by ${names}, accepted here only for ${elsewhere.product}`;
}

/** What the artifact says it is, and where the signer says it, too, that as well. */
const accepts = (accepted: AcceptedSigner, signer: AskedSigner, product: string): boolean =>
  isNamed(accepted, signer) &&
  (accepted.product === undefined ||
    [product, signer.product ?? product].every((name) => name === accepted.product));

/** Exact: a name that merely looks alike is another signer. */
function isNamed({ text }: AcceptedSigner, { sha256, commonName, organisation }: AskedSigner): boolean {
  if (sha256 === undefined || text === "") return false;
  if (/^sha256:/i.test(text)) return text.toLowerCase() === `sha256:${sha256.toLowerCase()}`;
  return text === commonName || text === organisation;
}
