/**
 * Name constraints: an authority that may only speak for some names. Source: RFC 5280 §4.2.1.10, §6.1.4 (g).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { contextConstructed, contextPrimitive, type DerNode, readDer, TAG } from "../asn1/der.ts";
import { childOf, expectTag } from "../asn1/values.ts";
import type { Certificate } from "./certificate.ts";
import { EXTENSION } from "./extensions.ts";
import { ATTRIBUTE_TYPE, comparableParts, type NameAttribute, readName } from "./name.ts";

/** A name by the tag it has in a GeneralName. */
type GeneralName =
  | { readonly kind: "directory"; readonly parts: readonly string[] }
  | { readonly kind: "dns" | "email" | "uri"; readonly text: string }
  | { readonly kind: "address"; readonly octets: Buffer };

/** Comparisons for one path; more is an attack on the reader's time. */
const MAX_COMPARISONS = 100_000;

/**
 * The first name that an authority above it does not allow, as a sentence; undefined when all are allowed.
 * @param certificates - from the leaf up
 * @throws {@link ArtifactError} `artifact.malformed`; `artifact.unsupported` for constraints on other kinds of names
 */
export function checkNameConstraints(certificates: readonly Certificate[]): string | undefined {
  const left = { comparisons: MAX_COMPARISONS };
  for (const [place, authority] of certificates.entries()) {
    const extension = authority.extensions.get(EXTENSION.nameConstraints);
    if (extension === undefined || place === 0) continue;
    const constraints = readConstraints(extension.value, extension.critical);
    for (const [below, certificate] of certificates.slice(0, place).entries()) {
      // RFC 5280 §6.1.3 (b): a self-issued certificate is exempt unless it is the leaf.
      if (below > 0 && certificate.subjectKey === certificate.issuerKey) continue;
      for (const name of namesOf(certificate)) {
        left.comparisons -= constraints.permitted.length + constraints.excluded.length;
        if (left.comparisons < 0) throw unsupported("too many names and name constraints to compare");
        if (!isAllowed(name, constraints))
          return `"${authority.summary.subject}" may not speak for the name ${shown(name)}`;
      }
    }
  }
  return undefined;
}

interface Constraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

function readConstraints(value: Buffer, critical: boolean): Constraints {
  const node = expectTag(readDer(value), TAG.sequence, "NameConstraints");
  const subtrees = (number: number) =>
    node.children
      .filter((field) => field.tag === contextConstructed(number))
      .flatMap((field) => field.children.flatMap((subtree) => readSubtree(subtree, critical)));
  return { permitted: subtrees(0), excluded: subtrees(1) };
}

function readSubtree(node: DerNode, critical: boolean): GeneralName[] {
  expectTag(node, TAG.sequence, "GeneralSubtree");
  // RFC 5280: minimum is always zero and then absent, maximum always absent.
  if (node.children.length !== 1) throw unsupported("a name constraint with a minimum or maximum");
  const name = readGeneralName(childOf(node, 0, "GeneralSubtree base"));
  if (name === undefined && critical)
    throw unsupported("a critical name constraint on a kind of name not known here");
  return name === undefined ? [] : [name];
}

function readGeneralName(node: DerNode): GeneralName | undefined {
  switch (node.tag) {
    case contextPrimitive(1):
      return { kind: "email", text: node.content.toString("latin1").toLowerCase() };
    case contextPrimitive(2):
      return { kind: "dns", text: node.content.toString("latin1").toLowerCase() };
    case contextConstructed(4):
      return { kind: "directory", parts: comparableParts(readName(childOf(node, 0, "directoryName"))) };
    case contextPrimitive(6):
      return { kind: "uri", text: node.content.toString("latin1").toLowerCase() };
    case contextPrimitive(7):
      return { kind: "address", octets: node.content };
    default:
      return undefined;
  }
}

function namesOf(certificate: Certificate): GeneralName[] {
  const names: GeneralName[] = [];
  if (certificate.subjectName.length > 0)
    names.push({ kind: "directory", parts: comparableParts(certificate.subjectName) });
  const alternative = certificate.extensions.get(EXTENSION.subjectAlternativeName);
  const general =
    alternative === undefined
      ? []
      : expectTag(readDer(alternative.value), TAG.sequence, "SubjectAltName").children.flatMap(
          (node) => readGeneralName(node) ?? [],
        );
  return [...names, ...general, ...emailsOf(certificate.subjectName)];
}

/** RFC 5280 §4.2.1.10: addresses that old certificates keep in the subject are constrained as well. */
const emailsOf = (name: readonly NameAttribute[]): GeneralName[] =>
  name
    .filter(({ oid }) => oid === ATTRIBUTE_TYPE.emailAddress)
    .map(({ text }) => ({ kind: "email", text: text.toLowerCase() }));

function isAllowed(name: GeneralName, { permitted, excluded }: Constraints): boolean {
  if (excluded.some((constraint) => constraint.kind === name.kind && isWithin(name, constraint, true)))
    return false;
  const ofKind = permitted.filter((constraint) => constraint.kind === name.kind);
  return ofKind.length === 0 || ofKind.some((constraint) => isWithin(name, constraint, false));
}

/** @param whenUnclear - the answer for a name that cannot be taken apart: excluded, and not permitted */
function isWithin(name: GeneralName, constraint: GeneralName, whenUnclear: boolean): boolean {
  if (name.kind === "directory" && constraint.kind === "directory")
    return constraint.parts.every((part, place) => name.parts[place] === part);
  if (name.kind === "address" && constraint.kind === "address")
    return isInNetwork(name.octets, constraint.octets);
  if (!("text" in name) || !("text" in constraint)) return whenUnclear;
  switch (name.kind) {
    case "dns":
      return isInDomain(name.text.replace(/^\*\./, ""), constraint.text);
    case "email":
      return isMailbox(name.text, constraint.text, whenUnclear);
    case "uri":
      return isHost(name.text, constraint.text, whenUnclear);
  }
}

function isInDomain(host: string, constraint: string): boolean {
  const domain = constraint.replace(/^\./, "");
  return domain === "" || host === domain || host.endsWith(`.${domain}`);
}

function isMailbox(address: string, constraint: string, whenUnclear: boolean): boolean {
  if (constraint.includes("@")) return address === constraint;
  const at = address.lastIndexOf("@");
  if (at < 0) return whenUnclear;
  return isHostOf(address.slice(at + 1), constraint);
}

function isHost(address: string, constraint: string, whenUnclear: boolean): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)/.exec(address)?.[1];
  return host === undefined ? whenUnclear : isHostOf(host, constraint);
}

/** With a leading dot: any host below; without: exactly that host. */
const isHostOf = (host: string, constraint: string): boolean =>
  constraint.startsWith(".") ? host.endsWith(constraint) : host === constraint;

function isInNetwork(address: Buffer, network: Buffer): boolean {
  if (network.length !== address.length * 2) return false;
  return address.every((octet, place) => {
    const mask = network[address.length + place] ?? 0xff;
    return (octet & mask) === ((network[place] ?? 0) & mask);
  });
}

function shown(name: GeneralName): string {
  if (name.kind === "directory") return "in its subject";
  return name.kind === "address" ? name.octets.toString("hex") : JSON.stringify(name.text);
}

const unsupported = (message: string): ArtifactError =>
  new ArtifactError("artifact.unsupported", `X.509: ${message}`);
