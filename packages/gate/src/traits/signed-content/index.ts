/**
 * The same signed content with other bytes. What differs then lies where the signed digest does not look: in or beside
 * the signature itself. Signing once more is the honest reason, and its size is known. Bytes that no signature brought
 * are a payload, as in CVE-2013-3900.
 * @module
 */

import type { ArtifactMember } from "../../artifact.ts";
import { signedContent as contentOf, isProven } from "../../signatures/proven.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import type { Difference, Trait } from "../trait.ts";

export const signedContent: Trait = {
  id: "signed-content",
  title: "Same signed content, other bytes",
  question: "Did only what its signature does not cover change?",
  document: "Microsoft, Windows Authenticode Portable Executable Signature Format; CVE-2013-3900",
  rules: {
    "bytes-outside": "What is signed is the same, and bytes came that are in no signature.",
    "broken-signature": "What is signed is the same, and a signature in it is broken now.",
    "signature-grew": "A signature is larger than its certificates and timestamps explain.",
    "signed-again": "What is signed is the same; it was signed once more.",
  },
  *compare({ before, after }) {
    if (before === undefined || after === undefined) return;
    const [old, fresh] = [before.member, after.member];
    // The artifact's own hash is not known here; its own bytes are compared only when they differ.
    if (fresh.path !== "" && old.sha256 === fresh.sha256) return;
    if (old.signatures.length === 0 || fresh.signatures.length === 0) return;
    const outside = isSameContent(old, fresh) ? judgeSameContent(old, fresh) : undefined;
    const grown = judgeGrowth(old, fresh);
    if (grown !== undefined && outside?.risk !== "critical") yield grown;
    else if (outside !== undefined) yield outside;
  },
};

function isSameContent(old: ArtifactMember, fresh: ArtifactMember): boolean {
  const contents = new Set(old.signatures.map(contentOf));
  return fresh.signatures.some((report) => {
    const content = contentOf(report);
    return content !== undefined && contents.has(content);
  });
}

/** Header and filling of an entry of the certificate table. */
const ENTRY_BYTES = 16;
/** Compound files and cabinets round the place of a signature up, to sectors and more. */
const SECTOR_BYTES = 16 * 1024;

function judgeSameContent(old: ArtifactMember, fresh: ArtifactMember): Difference {
  const broken = fresh.signatures.find(({ integrity }) => integrity === "fail");
  const facts = { grownBytes: fresh.sizeBytes - old.sizeBytes };
  if (broken !== undefined && old.signatures.every(({ integrity }) => integrity !== "fail"))
    return {
      rule: "broken-signature",
      risk: "critical",
      because: `says the same as before to whoever signed it, but its signature is broken now: ${broken.because}`,
      facts,
    };
  const [bytesBefore, bytesAfter] = [bytesOutside(old), bytesOutside(fresh)];
  const entryCount = Math.max(old.signatures.length, fresh.signatures.length);
  const slackBytes = fresh.format === "pe" ? ENTRY_BYTES * entryCount : SECTOR_BYTES;
  if (bytesBefore !== undefined && bytesAfter !== undefined && bytesAfter - bytesBefore > slackBytes)
    return {
      rule: "bytes-outside",
      risk: "critical",
      because: "is the same program, with bytes added that are in no signature and covered by none",
      after: {
        text: `${bytesAfter - bytesBefore} bytes more beside the program and its signatures, in a file that was ${old.sizeBytes} bytes and is ${fresh.sizeBytes}`,
      },
      facts: { ...facts, outsideBytes: bytesAfter - bytesBefore },
    };
  return { rule: "signed-again", risk: "info", because: "is the same program, signed once more", facts };
}

/** Everything that is in no signature: the program, and what hides. Undefined where sizes of signatures are not told. */
function bytesOutside({ sizeBytes, signatures }: ArtifactMember): number | undefined {
  const bytes = signatures.filter(({ facts }) => facts.nested === false).map(signatureBytes);
  if (bytes.length === 0) return undefined;
  return bytes.reduce<number | undefined>(
    (rest, one) => (rest === undefined || one === undefined ? undefined : rest - one),
    sizeBytes,
  );
}

const signatureBytes = ({ facts }: SignatureReport): number | undefined =>
  typeof facts.signatureBytes === "number" ? facts.signatureBytes : undefined;

/** What differs from one signature of a signer to the next: times, serial numbers, a timestamp's own certificates. */
const ORDINARY_BYTES = 4 * 1024;
/** A timestamp with its authority's whole chain. */
const TIMESTAMP_BYTES = 12 * 1024;
/** Another certificate comes with others above it. */
const CHAIN_BYTES = 12 * 1024;

/**
 * A signature has hardly anything in it that may grow. Where the same certificate signs as often as before, a payload in
 * an attribute or in a superfluous certificate shows as size, whatever its form.
 */
function judgeGrowth(old: ArtifactMember, fresh: ArtifactMember): Difference | undefined {
  const [before, after] = [totalOf(old), totalOf(fresh)];
  // Page hashes grow with the program.
  if (
    before === undefined ||
    after === undefined ||
    [...old.signatures, ...fresh.signatures].some(hasPageHashes)
  )
    return undefined;
  const stamps = count(fresh, isStamped) - count(old, isStamped);
  const signers = fresh.signatures.filter(
    (report) => !old.signatures.some((known) => isSameCertificate(known, report)),
  );
  const explained =
    (isSameSignature(old, fresh) ? 0 : ORDINARY_BYTES) +
    Math.max(0, stamps) * TIMESTAMP_BYTES +
    signers.length * CHAIN_BYTES +
    Math.max(0, fresh.signatures.length - old.signatures.length) * CHAIN_BYTES +
    (timestampersOf(fresh) === timestampersOf(old) ? 0 : TIMESTAMP_BYTES);
  if (after - before <= explained) return undefined;
  const isSame = signers.length === 0 && isSameContent(old, fresh) && fresh.signatures.every(isProven);
  return {
    rule: "signature-grew",
    risk: isSame ? "critical" : "high",
    because: "has a signature that grew by more than certificates and timestamps explain",
    before: { text: `${before} bytes of signatures` },
    after: { text: `${after} bytes of signatures, ${explained} bytes more would be ordinary at most` },
    facts: { grownBytes: after - before },
  };
}

/** Made by the same certificates, and counted by the same authorities at the same moment: not signed once more. */
const isSameSignature = (old: ArtifactMember, fresh: ArtifactMember): boolean =>
  isSameContent(old, fresh) &&
  old.signatures.length === fresh.signatures.length &&
  old.signatures.every((report, index) => {
    const other = fresh.signatures[index];
    const at = report.timestamp?.at;
    return (
      other !== undefined &&
      isSameCertificate(report, other) &&
      at !== undefined &&
      at === other.timestamp?.at
    );
  });

/** Nested signatures are inside of others. */
function totalOf({ signatures }: ArtifactMember): number | undefined {
  const bytes = signatures.filter(({ facts }) => facts.nested === false).map(signatureBytes);
  return bytes.length === 0 || bytes.includes(undefined)
    ? undefined
    : bytes.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}

const hasPageHashes = ({ facts }: SignatureReport): boolean =>
  facts.pageHashes !== undefined && facts.pageHashes !== "none";
const isStamped = ({ timestamp }: SignatureReport): boolean => timestamp !== undefined;
const count = ({ signatures }: ArtifactMember, is: (report: SignatureReport) => boolean): number =>
  signatures.filter(is).length;
const isSameCertificate = (a: SignatureReport, b: SignatureReport): boolean =>
  a.signer !== undefined && a.signer.sha256 === b.signer?.sha256;
const timestampersOf = ({ signatures }: ArtifactMember): string =>
  signatures.map(({ timestamp }) => `${timestamp?.kind} ${timestamp?.authority}`).join("\n");
