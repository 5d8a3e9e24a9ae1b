/**
 * Who signed, and what is different about it. That a signature verifies says little: the question is whether it is the
 * one that was there before. What happens to everything at once is a vendor's decision; what happens to one file among
 * many is somebody's doing.
 * @module
 */

import type { Difference, Portrait, Trait } from "../trait.ts";
import { findOlder } from "./age.ts";
import { changesOf } from "./change.ts";
import { isUnchanged, sceneOf } from "./scene.ts";
import { describeSigners } from "./signer.ts";
import { tellChange } from "./tell.ts";

export const signer: Trait = {
  id: "signer",
  title: "Signers",
  question: "Is it signed by who signed it before, as well as before?",
  document:
    "Microsoft, Windows Authenticode Portable Executable Signature Format; RFC 5280 §4.1.2; Apple TN3126",
  rules: {
    "signer-removed": "It was signed, and is not any more.",
    "signature-unproven": "Its signature was proven, and is not any more.",
    "signer-changed": "Another company signed it.",
    "authority-changed": "The same name comes from another certification authority.",
    "same-name-elsewhere": "The same name belongs to another company: country, register or team differ.",
    "signer-added": "It was not signed, and is now.",
    "certificate-renewed": "The same company has another certificate.",
    "co-signer-changed": "One of several signers came or went.",
    "weaker-digest": "It is signed over SHA-1 or MD5, and was over a stronger digest.",
    "signed-long-before": "It was signed long before what it replaces.",
    "timestamp-lost": "Nothing proves when it was signed, and something did before.",
  },
  *compareReleases(context) {
    yield* findOlder(context);
    const scene = sceneOf(context);
    for (const { before, after } of context.pairs) {
      context.budget.checkTime();
      if (before === undefined || after === undefined || isUnchanged(before, after)) continue;
      for (const change of changesOf(before.member, after.member))
        yield {
          ...tellChange(change, { ...scene, member: after.member }),
          ...excerpts(before, after),
          path: after.member.path,
        };
    }
  },
};

const excerpts = (before: Portrait, after: Portrait): Pick<Difference, "before" | "after"> => ({
  before: { text: describeSigners(before.member) },
  after: { text: describeSigners(after.member) },
});
