/**
 * Certificates as key files hold them: a primary key, what it says of itself, its user ids and subkeys. Nothing is
 * proven yet. Several copies of one certificate are joined, so that an older copy hides no revocation.
 * Source: RFC 9580 §10.1.
 * @module
 */

import { ArtifactError, hasCode } from "@sallyport/core";
import { isArmoured, readArmour } from "./armour.ts";
import { type Packet, readPackets, TAG } from "./packet.ts";
import { type PublicKey, readPublicKey } from "./public-key.ts";
import { readSignature, type Signature, TYPE } from "./signature.ts";

export interface Certificate {
  readonly primary: PublicKey;
  /** Over the primary key alone: direct-key signatures and revocations. */
  readonly direct: readonly Signature[];
  readonly userIds: readonly SignedPart<Buffer>[];
  readonly subkeys: readonly SignedPart<PublicKey>[];
  /** Name of the file it was brought in. */
  readonly origin: string;
}

export interface SignedPart<Part> {
  readonly part: Part;
  readonly signatures: readonly Signature[];
}

export interface KeyFile {
  /** As shown: the name of the file. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Each is compared with every key. */
const MAX_LOOSE_REVOCATIONS = 1000;

/**
 * All certificates of the given files, armoured or not.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported`, `artifact.over-limit`
 * when a file is no key file
 */
export function readCertificates(files: readonly KeyFile[]): readonly Certificate[] {
  const certificates = new Map<string, Draft>();
  const revocations: Signature[] = [];
  for (const { name, bytes } of files)
    for (const packets of keyBlocks(bytes)) readBlock(packets, { name, certificates, revocations });
  if (revocations.length > MAX_LOOSE_REVOCATIONS)
    throw new ArtifactError("artifact.over-limit", "OpenPGP: there are too many revocations without a key");
  // A revocation may be published on its own (§10.1.3).
  for (const revocation of revocations)
    for (const draft of certificates.values())
      if (isFrom(revocation, draft.primary)) draft.direct.push(revocation);
  return [...certificates.values()].map(finish);
}

/** Whether the signature says that this key made it, or says nothing. */
export const isFrom = ({ issuerFingerprint, issuerKeyId }: Signature, key: PublicKey): boolean =>
  issuerFingerprint === undefined
    ? issuerKeyId === undefined || issuerKeyId === key.keyId
    : issuerFingerprint === key.fingerprint;

function keyBlocks(bytes: Buffer): Packet[][] {
  if (!isArmoured(bytes)) return [readPackets(bytes)];
  return readArmour(bytes).map(({ label, bytes: block }) => {
    // GnuPG and Sequoia armour a revocation that stands alone in different ways.
    if (label !== "PGP PUBLIC KEY BLOCK" && label !== "PGP SIGNATURE")
      throw malformed(`there is a ${label} where keys are expected`);
    return readPackets(block);
  });
}

interface Draft {
  readonly primary: PublicKey;
  readonly origin: string;
  readonly direct: Signature[];
  /** By their bytes, or by fingerprint. */
  readonly userIds: Map<string, { part: Buffer; signatures: Signature[] }>;
  readonly subkeys: Map<string, { part: PublicKey; signatures: Signature[] }>;
}

interface Collection {
  readonly name: string;
  readonly certificates: Map<string, Draft>;
  readonly revocations: Signature[];
}

function readBlock(packets: readonly Packet[], { name, certificates, revocations }: Collection): void {
  let draft: Draft | undefined;
  let list: Signature[] | undefined = revocations;
  for (const { tag, body } of packets) {
    switch (tag) {
      case TAG.publicKey: {
        const primary = readPublicKey(body);
        draft = primary && beginCertificate(certificates, primary, name);
        list = draft?.direct;
        break;
      }
      case TAG.userId:
        list = draft && partOf(draft.userIds, body.toString("latin1"), body);
        break;
      case TAG.publicSubkey: {
        const key = draft && readPublicKey(body);
        list = key && draft && partOf(draft.subkeys, key.fingerprint, key);
        break;
      }
      case TAG.signature: {
        const signature = list && readLeniently(body);
        if (signature === undefined) break;
        // Certifications by others are not read: nobody here knows them.
        if (draft === undefined ? signature.type === TYPE.keyRevocation : isFrom(signature, draft.primary))
          list?.push(signature);
        break;
      }
      case TAG.secretKey:
      case TAG.secretSubkey:
        throw malformed("this is a secret key, which should not leave its owner; the public one is needed");
      case TAG.userAttribute:
        list = undefined;
        break;
      case TAG.trust:
      case TAG.marker:
      case TAG.padding:
        break;
      default:
        // §4.3: from 40 on, what is not known may be passed over.
        if (tag < 40) throw malformed("something else stands among the keys");
        list = undefined;
    }
  }
}

function beginCertificate(certificates: Map<string, Draft>, primary: PublicKey, origin: string): Draft {
  const known = certificates.get(primary.fingerprint);
  if (known !== undefined) return known;
  const draft: Draft = { primary, origin, direct: [], userIds: new Map(), subkeys: new Map() };
  certificates.set(primary.fingerprint, draft);
  return draft;
}

function partOf<Part>(
  parts: Map<string, { part: Part; signatures: Signature[] }>,
  id: string,
  part: Part,
): Signature[] {
  const known = parts.get(id) ?? { part, signatures: [] };
  parts.set(id, known);
  return known.signatures;
}

/** One broken signature among many must not make a certificate useless; it proves nothing either. */
function readLeniently(body: Buffer): Signature | undefined {
  try {
    return readSignature(body);
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.truncated")) return undefined;
    throw error;
  }
}

const finish = ({ primary, origin, direct, userIds, subkeys }: Draft): Certificate => ({
  primary,
  origin,
  direct: distinct(direct),
  userIds: [...userIds.values()].map(({ part, signatures }) => ({ part, signatures: distinct(signatures) })),
  subkeys: [...subkeys.values()].map(({ part, signatures }) => ({ part, signatures: distinct(signatures) })),
});

/** Copies of one certificate repeat most of its signatures. */
const distinct = (signatures: readonly Signature[]): Signature[] => [
  ...new Map(signatures.map((signature) => [signature.raw.toString("latin1"), signature])).values(),
];

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `OpenPGP: ${message}`);
