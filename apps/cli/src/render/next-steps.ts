/** What to do next, by the reasons of a verdict. @module */

import type { Decision } from "@sallyport/core";
import type { Artifact } from "@sallyport/gate";
import { summarise } from "./artifact-summary.ts";
import { printable, shortened } from "./text.ts";

const MAX_NAME_CHARACTERS = 160;

export interface NextStep {
  readonly text: string;
  /** To be typed as they stand, without the program's name in front. */
  readonly commands?: readonly string[];
}

/** At most three, the most useful first. */
export function nextSteps(artifact: Artifact, decision: Decision): readonly NextStep[] {
  if (decision.verdict === "admit") return [];
  // Beside a refusal, what would help against a hold is no advice.
  const telling = decision.reasons.filter(({ verdict }) => verdict === decision.verdict);
  const policies = new Set(telling.map(({ policy }) => policy));
  const steps = [...policies].flatMap((policy) => stepsOf(policy)?.(artifact, decision) ?? []);
  const all = [...steps, lastResort(decision)].map((step) =>
    typeof step === "string" ? { text: step } : step,
  );
  return [...new Map(all.map((step) => [step.text, step])).values()].slice(0, 3);
}

type Advice = (artifact: Artifact, decision: Decision) => NextStep | string;

/** Policies that an organisation adds may be called anything. */
const stepsOf = (policy: string): Advice | undefined =>
  Object.hasOwn(STEPS, policy) ? STEPS[policy] : undefined;

const STEPS: Readonly<Record<string, Advice>> = {
  "hidden-data": () => "Do not run it. Tell the vendor, and look for this file on your machines.",
  "digest-mismatch": () =>
    "It was changed after it was signed, or the signature is another file's. Fetch both again from the vendor; if it stays so, tell them.",
  "structure-lies": () =>
    "Two programs would see different content. Ask whoever sent it for an ordinary archive.",
  "escaping-name": () => "Do not unpack it: it writes outside its folder.",
  "wrong-expected-hash": () =>
    "This is not the file you expected. Fetch it again and compare where the hash came from.",
  "wrong-published-hash": () =>
    "The vendor published another hash. Fetch both again; if they still differ, tell the vendor.",
  "revoked-signer": () => "The signer's certificate was revoked. Ask the vendor for a new release.",
  "retired-product": (_, { evidence }) => {
    const told = evidence.find(({ facts }) => facts.productIsOver === true)?.facts.replacement;
    return typeof told === "string"
      ? `Nobody mends it any more. Use ${shortened(printable(told), MAX_NAME_CHARACTERS)} instead.`
      : "Nobody mends it any more. Ask its maker what to use instead, and look for it on your machines.";
  },
  "malicious-package": () =>
    "Do not install it, and look for it on your machines. If it was installed, change every secret that was there.",
  "exploited-product": (_, { evidence }) => {
    const fixed = fixedVersions(evidence);
    return fixed === "" ? "Get a fixed release from its maker." : `Get ${fixed} from its maker instead.`;
  },
  "exploited-vulnerability": () =>
    "Ask its maker whether it is affected and when it mends it. What the maker says in a VEX file counts: intel import FILE.",
  "past-support": () =>
    "Ask its maker for a release that is still supported, or that is built on a runtime that is.",
  "critical-difference": () =>
    "Do not run it. Ask the vendor, on another way than the download's, whether it made this change.",
  "grave-difference": (_, decision) => ({
    text: "Look at what changed, and ask the vendor about what its release notes do not explain:",
    commands: [`diff OLD ${fileOf(decision)} --html > changes.html`],
  }),
  "matched-rule": () =>
    "Ask whoever wrote the rule what it looks for. It is held for as long as the rule matches and is given with --rules.",
  "antivirus-found": () =>
    "Do not run it. Look the name up, and look for this file on your machines; a false alarm is told to whoever makes the signatures.",
  "known-indicator": () =>
    "Do not run it. Look for its hash, its signer and the names above on your machines, and tell the vendor.",
  "listed-indicators": () =>
    "Look at the file that names them: a filter or a report is harmless, a program that names them is not.",
  "suspicious-origin": () =>
    "Fetch it from its maker's own site, typed by hand. If it is theirs, say so: intel add supplier NAME --domain HOST.",
  "cooling-off": (_, { evidence }) => {
    const until = evidence.find(({ source }) => source.endsWith("/cooling-off"))?.facts.until;
    const day = typeof until === "string" ? ` until ${until.slice(0, 10)}` : "";
    return `Wait${day}, and judge it again. A fix that cannot wait needs two people: admit FILE by two different owners.`;
  },
  "witness-conflict": () =>
    "Fetch it once more from the vendor's own address. If it stays other bytes than others got, ask the vendor on another way than the download's.",
  "twin-changed": () => "Do not run it. Tell the vendor, and look for this file on your machines.",
  "twin-conflict": () =>
    "Look with twins FILE at where the file is known from. One of the two was changed: ask the vendor for its source.",
  "first-seen-signer": (artifact, decision) =>
    keylessAdvice(artifact, decision) ?? acceptanceAdvice(artifact, decision),
  unsigned: () =>
    "Ask the vendor for a signed release. If a signature lies beside it, give it with --signature, and the vendor's key with --key.",
  "unknown-key": () =>
    "Get the vendor's key from a place you trust, and give it with --key. Not from where the file came from.",
  "untrusted-signature": () =>
    "Ask the vendor for a current release. An authority of your own can be added with --trust FILE.",
  "legacy-timestamp": () => "Ask the vendor for a release with a current (RFC 3161) timestamp.",
  "weak-signature": () => "Ask the vendor for a release signed with SHA-256.",
  unopened: (_, { evidence }) =>
    evidence.some(({ facts }) => facts.code === "artifact.truncated")
      ? "It is cut short: fetch it again."
      : "Look at what could not be opened with inspect; raise a limit if one was reached.",
  "unknown-outcome": () =>
    "Look above at what could not be told: something that was given does not fit this file, or is missing.",
};

/** Of what is being exploited in the product itself: its fixed versions, unless a shell or a reader would take them for more. */
function fixedVersions(evidence: Decision["evidence"]): string {
  const { vulnerabilities } = evidence.find(({ facts }) => facts.productIsExploited === true)?.facts ?? {};
  const fixes = Array.isArray(vulnerabilities)
    ? vulnerabilities.flatMap((one) =>
        one.exploitedSince !== undefined && Array.isArray(one.fixedIn) ? one.fixedIn.map(String) : [],
      )
    : [];
  const plain = [...new Set(fixes)].filter((version) => /^[\w.+:~-]{1,60}$/.test(version));
  return plain.slice(0, 3).join(" or ");
}

/** A file that names no product can only be accepted for once: there is nothing to remember the signer for. */
function acceptanceAdvice(artifact: Artifact, decision: Decision): NextStep {
  const signer = signerOf(artifact);
  const once = `check ${fileOf(decision)} --signer ${signer}`;
  const { product } = artifact.root.identity ?? {};
  if (product === undefined)
    return { text: "If you know this signer, accept it for this once:", commands: [once] };
  const named = isName(product) ? `"${product}"` : "NAME";
  return {
    text: "If you know this signer for this product, accept it for once, or for good:",
    commands: [once, `accept signer ${signer} --product ${named} --owner NAME --reason WHY`],
  };
}

/** The name it was given by, in the folder where it lies, unless a shell would read more in it. */
const fileOf = ({ subject }: Decision): string => (isPlain(subject.label) ? subject.label : "FILE");

/** A keyless signer's certificate lives for minutes: what it can be known by is the identity in it and who vouches. */
function keylessAdvice({ root }: Artifact, decision: Decision): NextStep | undefined {
  const report = root.signatures.find(
    ({ scheme, facts }) => scheme === "sigstore" && facts.issuer !== undefined,
  );
  const [identity, issuer] = [report?.signer?.subject ?? "", String(report?.facts.issuer ?? "")];
  if (!isPlain(identity) || !isPlain(issuer)) return undefined;
  return {
    text: "If that is who should have built it:",
    commands: [`check ${fileOf(decision)} --signature FILE --identity "${identity}" --issuer "${issuer}"`],
  };
}

/** Between quotes, nothing that a shell would read as more than a name. */
const isName = (text: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N} .,&()+-]{0,80}$/u.test(text);

/** Nothing that a shell would read as more than a name. */
const isPlain = (text: string): boolean => /^[\w:/@.+,~-]{1,300}$/.test(text);

/**
 * As it can be pasted into a shell. A name that a shell would read as more than a name is replaced by the hash of
 * the certificate: whoever signs chooses the name.
 */
function signerOf(artifact: Artifact): string {
  const [name = ""] = summarise(artifact).signers;
  if (isName(name)) return `"${name}"`;
  const { signer } = artifact.root.signatures.find((one) => one.signer?.commonName === name) ?? {};
  return signer === undefined ? "NAME" : `sha256:${signer.sha256}`;
}

function lastResort({ verdict, reasons }: Decision): string {
  const overrides = reasons
    .filter((reason) => reason.verdict === "refuse")
    .map(({ policy }) => ` --override ${policy}`);
  const flags = verdict === "refuse" ? overrides.join("") : "";
  return `A person can take it on: admit FILE --owner NAME --reason WHY --until DATE${flags}.`;
}
