/** What is kept of a judged artifact, so that later ones can be compared with it. @module */

import type { Decision, Evidence } from "@sallyport/core";
import type { Artifact, ArtifactMember, Identity } from "../../artifact.ts";
import { isProven, signedContent } from "../../signatures/proven.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import { signerName } from "../signature/index.ts";
import { isTelling } from "./content.ts";
import type { KnownFile, KnownSignature, Sighting, Standing } from "./memory.ts";

/** Of one artifact; the largest installers hold some thousands of programs and libraries. */
const MAX_REMEMBERED = 20_000;
const MAX_SIGNATURES = 16;
const SHOWN_CHARACTERS = 500;

/** @returns the members worth remembering, and where they were met; each content once */
export function memoriesOf(artifact: Artifact, decision: Decision): readonly KnownFile[] {
  const standing = standingOf(decision);
  const culprits = culpritsOf(decision);
  const supplier = supplierOf(artifact.root, standing);
  const about = {
    artifact: artifact.root.sha256,
    label: decision.subject.label,
    supplier,
    standing,
    source: "",
  };
  const seenAt = new Date(decision.replay.now);
  const known = new Map<string, KnownFile>();
  for (const member of [artifact.root, ...artifact.members]) {
    const culprit = culprits.get(member.path);
    if (culprit === undefined && member.path !== "" && !isTelling(member)) continue;
    if (known.has(member.sha256)) continue;
    known.set(member.sha256, remembered(member, { ...about, path: shortened(member.path), culprit, seenAt }));
    if (known.size >= MAX_REMEMBERED) break;
  }
  return [...known.values()];
}

function remembered(member: ArtifactMember, sighting: Sighting): KnownFile {
  const { sha256, sizeBytes, format, identity = {}, signatures } = member;
  return {
    sha256,
    sizeBytes,
    format,
    identity: shortenedIdentity(identity),
    signatures: signatures.slice(0, MAX_SIGNATURES).map(signatureOf),
    sightings: [sighting],
  };
}

const signatureOf = (report: SignatureReport): KnownSignature => ({
  content: signedContent(report),
  signer: shortened(signerName(report)),
  organisation: report.signer?.organisation === undefined ? undefined : shortened(report.signer.organisation),
  isProven: isProven(report),
});

const standingOf = ({ verdict }: Decision): Standing =>
  verdict === "admit" ? "admitted" : verdict === "refuse" ? "refused" : "seen";

/**
 * What the artifact was refused for, by member. A hash that is not the expected one, or a signer that somebody
 * distrusts, says nothing about what is inside: only what was seen in the bytes does.
 */
function culpritsOf({ verdict, reasons, evidence }: Decision): ReadonlyMap<string, string> {
  const culprits = new Map<string, string>();
  if (verdict !== "refuse") return culprits;
  for (const reason of reasons) {
    if (reason.verdict !== "refuse") continue;
    for (const index of reason.evidence) {
      const seen = evidence[index];
      if (seen === undefined || seen.outcome === "pass" || !isAboutBytes(seen)) continue;
      const path = seen.path ?? "";
      if (!culprits.has(path)) culprits.set(path, shortened(`${reason.because}: ${seen.because}`));
    }
  }
  return culprits;
}

const isAboutBytes = ({ kind, source, path }: Evidence): boolean =>
  kind === "content" || (source === "gate/checks/twin" && path !== undefined);

/**
 * Who stands behind the artifact. A registry or a keyless authority signs for everybody, so however many packages it
 * signed, they count as one; what nobody signed counts as one as well, and only when a person here admitted it.
 */
function supplierOf({ signatures }: ArtifactMember, standing: Standing): string | undefined {
  const proven = signatures.filter(isProven);
  const [own] = proven.filter(({ product, scheme }) => product === undefined && scheme !== "sigstore");
  if (own?.signer !== undefined) {
    const { organisation, commonName, subject } = own.signer;
    return shortened(`signer ${(organisation ?? commonName ?? subject).toLowerCase()}`);
  }
  const [registry] = proven;
  if (registry !== undefined)
    return shortened(`registry ${registry.product === undefined ? registry.scheme : signerName(registry)}`);
  return standing === "admitted" ? "person" : undefined;
}

const shortened = (text: string): string => text.slice(0, SHOWN_CHARACTERS);

const shortenedIdentity = (identity: Identity): Identity =>
  Object.fromEntries(
    Object.entries(identity).map(([name, value]) => [name, shortened(String(value))]),
  ) as Identity;
