/**
 * What a signature does not cover: the place it stands in, and what is in it beside what verifying needs. Signing once
 * more is the honest reason why such bytes change, and it is known how many that takes. More is a payload, whether the
 * program is the same, as in CVE-2013-3900, or new.
 * @module
 */

import type { ArtifactMember } from "../../artifact.ts";
import { signedContent as contentOf } from "../../signatures/proven.ts";
import type { Difference, Risk, Trait } from "../trait.ts";
import { judgeGrowth } from "./growth.ts";
import { areCopies, spareBytesOf, tableRestOf, unsignedRestOf } from "./sizes.ts";

export const signedContent: Trait = {
  id: "signed-content",
  title: "What signatures do not cover",
  question: "Did bytes come where no signature looks?",
  document: "Microsoft, Windows Authenticode Portable Executable Signature Format; CVE-2013-3900",
  rules: {
    "bytes-outside": "Bytes came beside the signature that are in none and covered by none.",
    "broken-signature": "What is signed is the same, and a signature in it is broken now.",
    "spare-bytes": "Attributes or certificates came into the signature that nothing needs.",
    "signature-grew": "A signature is larger than its certificates and timestamps explain.",
    touched: "What is signed and its signature are the same, and a few bytes are others.",
    "signed-again": "What is signed is the same; it was signed once more.",
  },
  *compare({ before, after }) {
    if (before === undefined || after === undefined) return;
    const [old, fresh] = [before.member, after.member];
    // The artifact's own hash is not known here; its own bytes are compared only when they differ.
    if (fresh.path !== "" && old.sha256 === fresh.sha256) return;
    if (fresh.signatures.length === 0) return;
    const found = [
      judgeBroken(old, fresh),
      judgeOutside(old, fresh),
      judgeSpare(old, fresh),
      judgeGrowth(old, fresh),
      judgeAgain(old, fresh),
    ].filter((difference) => difference !== undefined);
    const [gravest] = found.sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
    if (gravest !== undefined) yield gravest;
  },
};

const RISKS: readonly Risk[] = ["critical", "high", "medium", "low", "info"];

function isSameContent(old: ArtifactMember, fresh: ArtifactMember): boolean {
  const contents = new Set(old.signatures.map(contentOf));
  return fresh.signatures.some((report) => {
    const content = contentOf(report);
    return content !== undefined && contents.has(content);
  });
}

function judgeBroken(old: ArtifactMember, fresh: ArtifactMember): Difference | undefined {
  const broken = fresh.signatures.find(({ integrity }) => integrity === "fail");
  const wasBroken = old.signatures.some(({ integrity }) => integrity === "fail");
  if (broken === undefined || wasBroken || !isSameContent(old, fresh)) return undefined;
  return {
    rule: "broken-signature",
    risk: "critical",
    because: `says the same as before to whoever signed it, but its signature is broken now: ${broken.because}`,
  };
}

/** Header and filling of an entry of the certificate table, and the frame around a signature. */
const ENTRY_BYTES = 48;
/** Compound files and cabinets round the place of a signature up, to sectors and more. */
const SECTOR_BYTES = 16 * 1024;

function judgeOutside(old: ArtifactMember, fresh: ArtifactMember): Difference | undefined {
  const grown =
    grownOver(tableRestOf(old) ?? 0, tableRestOf(fresh), ENTRY_BYTES * fresh.signatures.length) ??
    (isSameContent(old, fresh) && fresh.format !== "pe"
      ? grownOver(unsignedRestOf(old), unsignedRestOf(fresh), SECTOR_BYTES)
      : undefined);
  if (grown === undefined) return undefined;
  return {
    rule: "bytes-outside",
    risk: "critical",
    because: "has bytes beside its signature that are in none and covered by none, and had not",
    after: {
      text: `${grown} bytes more beside the signatures, in a file that was ${old.sizeBytes} bytes and is ${fresh.sizeBytes}`,
    },
    facts: { outsideBytes: grown },
  };
}

function grownOver(
  before: number | undefined,
  after: number | undefined,
  allowedBytes: number,
): number | undefined {
  if (before === undefined || after === undefined || after - before <= allowedBytes) return undefined;
  return after - before;
}

/** Root certificates and what else tools bring along. */
const ORDINARY_SPARE_BYTES = 4 * 1024;

function judgeSpare(old: ArtifactMember, fresh: ArtifactMember): Difference | undefined {
  const [before, after] = [spareBytesOf(old) ?? 0, spareBytesOf(fresh)];
  if (after === undefined || after <= before) return undefined;
  const isCopy = areCopies(old.signatures, fresh.signatures);
  const isLarge = after - before > ORDINARY_SPARE_BYTES;
  // The first signature of a file brings what its signer's tool always does.
  if (old.signatures.length === 0 && !isLarge) return undefined;
  return {
    rule: "spare-bytes",
    risk: isCopy ? "critical" : isLarge ? "high" : "medium",
    because: "has attributes or certificates in its signature that nothing needs, and had not",
    before: { text: `${before} bytes that verifying does not need` },
    after: { text: `${after} bytes that verifying does not need` },
    facts: { spareBytes: after - before },
  };
}

function judgeAgain(old: ArtifactMember, fresh: ArtifactMember): Difference | undefined {
  if (!isSameContent(old, fresh)) return undefined;
  if (areCopies(old.signatures, fresh.signatures))
    return {
      rule: "touched",
      risk: "low",
      because:
        "is the same program in the same signature, and differs where that does not look: its checksum, or filling",
    };
  return { rule: "signed-again", risk: "info", because: "is the same program, signed once more" };
}
