/** Who signed one member, as far as two releases are compared by it. @module */

import type { ArtifactMember } from "../../artifact.ts";
import { companyKey } from "../../signatures/company-name.ts";
import { isProven } from "../../signatures/proven.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";

/** One signer, in the reports of one member that name it. */
export interface Signer {
  /** Equal for one company, whatever its certificate. */
  readonly key: string;
  /** For people. */
  readonly name: string;
  /** Companies that vouch for the name; empty text for a bare key, and where the signer vouches for itself. */
  readonly authorities: ReadonlySet<string>;
  /** What of the subject tells two companies of one name apart, by attribute. */
  readonly place: ReadonlyMap<string, string>;
  readonly reports: readonly SignatureReport[];
}

/** By {@link Signer.key}. */
export type Signers = ReadonlyMap<string, Signer>;

/** Those whose signatures are proven. */
export const provenSigners = ({ signatures }: ArtifactMember): Signers =>
  signersOf(signatures.filter(isProven));

/** Those whose signatures are intact, whoever vouches for them. */
export const intactSigners = ({ signatures }: ArtifactMember): Signers =>
  signersOf(signatures.filter(({ integrity }) => integrity === "pass"));

/** The signers by which two releases of a member are compared: where neither is proven, they still may differ. */
export function tellingSigners(before: ArtifactMember, after: ArtifactMember): readonly [Signers, Signers] {
  const proven = [provenSigners(before), provenSigners(after)] as const;
  return proven.some(({ size }) => size > 0) ? proven : [intactSigners(before), intactSigners(after)];
}

export function signersOf(reports: readonly SignatureReport[]): Signers {
  const signers = new Map<string, Signer>();
  for (const report of reports) {
    const signer = signerOf(report);
    const known = signers.get(signer.key);
    signers.set(signer.key, known === undefined ? signer : joined(known, signer));
  }
  return signers;
}

const joined = (a: Signer, b: Signer): Signer => ({
  ...a,
  authorities: new Set([...a.authorities, ...b.authorities]),
  reports: [...a.reports, ...b.reports],
});

function signerOf(report: SignatureReport): Signer {
  const { signer, scheme } = report;
  if (signer === undefined)
    return {
      key: "",
      name: "an unnamed signer",
      authorities: new Set(),
      place: new Map(),
      reports: [report],
    };
  const name = signer.organisation ?? signer.commonName ?? signer.subject;
  const subject = attributesOf(signer.subject);
  return {
    // A keyless identity names the tag it was built from, which is another one in every release.
    key: scheme === "sigstore" ? name.replace(/@refs\/.*$/, "") : companyKey(name) || name,
    name: name.slice(0, 120),
    authorities: new Set([signer.issuer === signer.subject ? "" : authorityOf(signer.issuer)]),
    place: new Map(PLACE.flatMap((part) => withValue(part, subject.get(part)))),
    reports: [report],
  };
}

/** Country, register and number in it, and Apple's team: a company takes them along when it renews a certificate. */
const PLACE = ["C", "jurisdictionC", "serialNumber", "UID"] as const;

const withValue = (part: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[part, value.toLowerCase()]];

function authorityOf(issuer: string): string {
  const attributes = attributesOf(issuer);
  const name = attributes.get("O") ?? attributes.get("CN") ?? issuer;
  return companyKey(name) || name;
}

const MOST_CHARACTERS = 4_000;

/** RFC 4514 text, read back: the first value of each attribute. */
function attributesOf(subject: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  // An escaped separator stays inside its value.
  for (const part of subject.slice(0, MOST_CHARACTERS).split(/(?<!\\)[,+]/)) {
    const at = part.indexOf("=");
    const type = part.slice(0, Math.max(0, at)).trim();
    if (type !== "" && !attributes.has(type)) attributes.set(type, part.slice(at + 1).replaceAll("\\", ""));
  }
  return attributes;
}

/** @returns the first attribute in which two subjects of one name differ, where both have it */
export function otherPlace(before: Signer, after: Signer): string | undefined {
  for (const [part, value] of before.place) {
    const now = after.place.get(part);
    if (now !== undefined && now !== value) return part;
  }
  return undefined;
}

/** For an excerpt. */
export const describeSigners = ({ signatures }: ArtifactMember): string =>
  signatures.length === 0
    ? "not signed"
    : signatures
        .slice(0, 8)
        .map(({ signer, because, scheme }) =>
          signer === undefined
            ? `${scheme}: ${because}`
            : `${signer.subject}\n  issued by ${signer.issuer || "nobody"}, sha256:${signer.sha256}\n  ${scheme}: ${because}`,
        )
        .join("\n")
        .slice(0, 2_000);
