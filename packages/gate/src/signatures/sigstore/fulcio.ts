/**
 * Whom a keyless certificate names: one subject, the issuer that vouched for it, and what the build service said of
 * the build. Source: Fulcio, docs/oid-info.md and docs/certificate-specification.md.
 * @module
 */

import { ArtifactError, type JsonObject } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode, readDer, TAG } from "../../asn1/der.ts";
import { childOf, expectTag, readOid } from "../../asn1/values.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { EXTENSION, KEY_PURPOSE } from "../../x509/extensions.ts";
import type { CertificateSummary } from "../scheme.ts";

export interface KeylessIdentity {
  /** The only subject alternative name: an address, a workflow's URI. */
  readonly subject: string;
  /** URL of the OpenID Connect issuer. */
  readonly issuer: string;
  /** Where the build's source lies, when the certificate says so. */
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly facts: JsonObject;
}

const ARC = "1.3.6.1.4.1.57264.1";
const USER_NAME = `${ARC}.7`;
const ISSUER = `${ARC}.8`;
/** The first generation: bare text instead of DER, deprecated and still issued beside the second. */
const FIRST = { issuer: `${ARC}.1`, commit: `${ARC}.3`, repository: `${ARC}.5`, ref: `${ARC}.6` } as const;

/** Each a UTF8String. */
const BUILD_FACTS: Readonly<Record<string, string>> = {
  buildSigner: `${ARC}.9`,
  runner: `${ARC}.11`,
  repository: `${ARC}.12`,
  commit: `${ARC}.13`,
  ref: `${ARC}.14`,
  buildConfig: `${ARC}.18`,
  buildTrigger: `${ARC}.20`,
  invocation: `${ARC}.21`,
  visibility: `${ARC}.22`,
};

/**
 * @throws {@link ArtifactError} `artifact.malformed` when it names nobody, two, or two issuers
 */
export function readIdentity(certificate: Certificate): KeylessIdentity {
  const issuer = readIssuer(certificate);
  const facts: Record<string, string> = {};
  for (const [name, oid] of Object.entries(BUILD_FACTS)) {
    const text = derText(certificate, oid);
    if (text !== undefined) facts[name] = text;
  }
  const oldRepository = bareText(certificate, FIRST.repository);
  // The first generation names it without its host, which only this issuer leaves no doubt about.
  if (facts.repository === undefined && oldRepository !== undefined && issuer === GITHUB_ACTIONS)
    facts.repository = `https://github.com/${oldRepository}`;
  facts.commit ??= bareText(certificate, FIRST.commit) ?? "";
  facts.ref ??= bareText(certificate, FIRST.ref) ?? "";
  const stated = Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== ""));
  return {
    subject: readSubject(certificate),
    issuer,
    repository: stated.repository,
    commit: stated.commit,
    facts: stated,
  };
}

const GITHUB_ACTIONS = "https://token.actions.githubusercontent.com";
/** Issuers that speak for whole hosts: a repository of that host is theirs to name. */
const HOST_OF_ISSUER: ReadonlyMap<string, string> = new Map([
  [GITHUB_ACTIONS, "https://github.com/"],
  ["https://gitlab.com", "https://gitlab.com/"],
]);

/**
 * How the signer is shown and accepted. Its name holds subject and issuer, because the one without the other is
 * nobody; the organisation is the repository where the issuer is the one that may speak for it.
 */
export function summariseSigner(certificate: Certificate, identity: KeylessIdentity): CertificateSummary {
  const { subject, issuer, repository } = identity;
  const host = HOST_OF_ISSUER.get(issuer);
  const isTheirs = host !== undefined && repository?.startsWith(host) === true;
  return {
    ...certificate.summary,
    subject,
    commonName: `${subject} (${issuer})`,
    organisation: isTheirs ? repository : undefined,
  };
}

/** What forbids that this certificate signs; undefined when nothing does. */
export function objectToUse(certificate: Certificate): string | undefined {
  if (certificate.extendedKeyUsage?.has(KEY_PURPOSE.codeSigning) !== true)
    return "its certificate was not issued for signing code";
  if (certificate.basicConstraints?.isAuthority === true) return "it was signed by an authority's own key";
  // RFC 5280 §4.2.1.3: bit 0 is digitalSignature.
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.has(0))
    return "its certificate may not be used for signatures";
  return undefined;
}

function readSubject(certificate: Certificate): string {
  const extension = certificate.extensions.get(EXTENSION.subjectAlternativeName);
  if (extension === undefined) throw malformed("a certificate that names nobody");
  const names = expectTag(readDer(extension.value), TAG.sequence, "SubjectAltName").children;
  const [name] = names;
  if (name === undefined || names.length !== 1)
    throw malformed(`a certificate that names ${names.length} subjects, not one`);
  const subject = nameText(name);
  if (subject === "") throw malformed("a certificate that names nobody");
  return subject;
}

function nameText(name: DerNode): string {
  if (name.tag === contextPrimitive(1) || name.tag === contextPrimitive(6)) return utf8(name.content);
  if (name.tag === contextConstructed(0) && readOid(childOf(name, 0, "otherName")) === USER_NAME) {
    const value = childOf(name, 1, "otherName", contextConstructed(0));
    return utf8(childOf(value, 0, "otherName", TAG.utf8String).content);
  }
  throw malformed("a certificate whose subject is of an unknown kind");
}

function readIssuer(certificate: Certificate): string {
  const second = derText(certificate, ISSUER);
  const first = bareText(certificate, FIRST.issuer);
  if (second !== undefined && first !== undefined && first !== second)
    throw malformed("a certificate that names two issuers");
  const issuer = second ?? first;
  if (issuer === undefined || issuer === "") throw malformed("a certificate that names no issuer");
  return issuer;
}

function derText(certificate: Certificate, oid: string): string | undefined {
  const value = certificate.extensions.get(oid)?.value;
  return value === undefined
    ? undefined
    : utf8(expectTag(readDer(value), TAG.utf8String, `extension ${oid}`).content);
}

function bareText(certificate: Certificate, oid: string): string | undefined {
  const value = certificate.extensions.get(oid)?.value;
  return value === undefined ? undefined : utf8(value);
}

/** A mark at the beginning is a character like any other: without it, it would be another name. */
function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed("a certificate with text that is not UTF-8");
  }
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `Sigstore: ${message}`);
