/**
 * Has the authority taken its word back? Only lists that were given can tell: nothing is fetched. A policy that
 * wants an answer asks for `pass` here; the default set refuses what is revoked and shows what was not checked.
 * @module
 */

import type { ArtifactMember } from "../../artifact.ts";
import { TRUSTED } from "../../signatures/scheme.ts";
import type { Check, Observation } from "../check.ts";
import { signerName } from "../signature/index.ts";

export const revocation: Check = {
  id: "revocation",
  question: "Has nobody who signed anything inside been revoked, by the lists that were given?",
  kind: "world",
  document: "RFC 5280 §5, §6.3",
  recall: "stands",
  async examine({ artifact }) {
    const revoked = [artifact.root, ...artifact.members].flatMap(revocationsOf);
    if (revoked.length > 0) return revoked.slice(0, LISTED_REVOCATIONS);
    const { signatures } = artifact.root;
    if (signatures.length === 0) return { notChecked: "carries no signature" };
    const trusted = signatures.filter(({ integrity, trust }) => integrity === "pass" && TRUSTED.has(trust));
    const isListed = trusted.length > 0 && trusted.every(({ facts }) => facts.revocationChecked === true);
    return isListed
      ? { outcome: "pass", because: "no list that was given names anybody on the signer's path", facts: {} }
      : { notChecked: "no revocation list for every authority on the path was given with --trust" };
  },
};

/** Beyond, more of them say nothing new. */
const LISTED_REVOCATIONS = 200;

const revocationsOf = ({ path, signatures }: ArtifactMember): Observation[] =>
  signatures
    .filter(({ trust }) => trust === "revoked")
    .map((report) => ({
      outcome: "fail",
      because: `${signerName(report)}: ${report.because}`,
      facts: {},
      path,
    }));
