/**
 * One bundle, read: who signed, what, and which digests of the file are needed to judge it.
 * Source: protobuf-specs, sigstore_bundle.proto.
 * @module
 */

import { ArtifactError, type Json } from "@sallyport/core";
import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import { isJsonObject, listMember, member, memberAt, textMember } from "../../json/read-json.ts";
import { type Certificate, readCertificate } from "../../x509/certificate.ts";
import { type PublicKey, readPublicKey } from "../../x509/public-key.ts";
import type { DigestName } from "./file-digests.ts";
import { type KeylessIdentity, readIdentity } from "./fulcio.ts";
import type { BareKey } from "./keys.ts";
import {
  type MessageDigest,
  messageDigest,
  type SignedContent,
  signedEnvelope,
  signedFile,
  signsWhole,
} from "./signed-content.ts";
import { IN_TOTO, IN_TOTO_DIGESTS, readStatement, type Statement } from "./statement.ts";

export interface ReadBundle {
  readonly origin: string;
  readonly bundle: Bundle;
  readonly signer: BundleSigner;
  readonly content: SignedContent;
  /** What ties it to the file. */
  readonly about:
    | { readonly kind: "statement"; readonly statement: Statement }
    | { readonly kind: "message"; readonly digest: MessageDigest }
    /** It is a signature over the file or none at all. */
    | { readonly kind: "signature" };
  readonly wanted: ReadonlySet<DigestName>;
}

export type BundleSigner =
  | {
      readonly kind: "certificate";
      readonly certificate: Certificate;
      readonly identity: KeylessIdentity;
      readonly publicKey: PublicKey;
    }
  | { readonly kind: "key"; readonly hint: string };

const MEDIA_TYPES: ReadonlySet<string> = new Set([
  "application/vnd.dev.sigstore.bundle+json;version=0.1",
  "application/vnd.dev.sigstore.bundle+json;version=0.2",
  "application/vnd.dev.sigstore.bundle+json;version=0.3",
  "application/vnd.dev.sigstore.bundle.v0.3+json",
]);
const MAX_ENTRIES = 16;

export interface BundleRequest {
  readonly origin: string;
  /** Who may have signed, when no certificate says so. */
  readonly keys: readonly BareKey[];
  /** Asked only for a kind of key that needs all of it; undefined when the file is too large. */
  wholeFile(): Promise<Buffer | undefined>;
}

/**
 * @throws {@link ArtifactError} `artifact.malformed` when it is not what it should be, `artifact.unsupported` for a
 * version, a key or a statement that is not known here
 */
export async function readBundle(document: Json, request: BundleRequest): Promise<ReadBundle> {
  const { origin } = request;
  const mediaType = textMember(document, "mediaType") ?? "";
  if (!MEDIA_TYPES.has(mediaType))
    throw new ArtifactError(
      "artifact.unsupported",
      `bundles of type "${mediaType.slice(0, 100)}" are not known`,
    );
  refuseAmbiguity(document);
  const bundle = decode(withoutBareProofs(document));
  const signer = readSigner(bundle);
  const keys = signer.kind === "certificate" ? [signer.publicKey.key] : request.keys.map(({ key }) => key);
  if (bundle.content.$case === "dsseEnvelope") {
    const envelope = bundle.content.dsseEnvelope;
    if (envelope.payloadType !== IN_TOTO)
      throw new ArtifactError(
        "artifact.unsupported",
        `it holds "${envelope.payloadType.slice(0, 100)}", no statement`,
      );
    const statement = readStatement(envelope.payload);
    const wanted = new Set(statement.subjects.flatMap(({ digests }) => digestNames(digests.keys())));
    return {
      origin,
      bundle,
      signer,
      content: signedEnvelope(envelope),
      about: { kind: "statement", statement },
      wanted,
    };
  }
  const message = bundle.content.messageSignature;
  const digest = messageDigest(message);
  const whole = keys.some(signsWhole) ? await request.wholeFile() : undefined;
  return {
    origin,
    bundle,
    signer,
    content: signedFile(message, keys, whole),
    about: { kind: "message", digest },
    wanted: new Set([digest.algorithm]),
  };
}

const digestNames = (names: Iterable<string>): DigestName[] =>
  [...names].flatMap((name) => IN_TOTO_DIGESTS.get(name) ?? []);

/** Of fields that exclude each other the library takes one, another reader the other. */
function refuseAmbiguity(document: Json): void {
  const material = member(document, "verificationMaterial");
  const count = (value: Json | undefined, names: readonly string[]) =>
    names.filter((name) => isJsonObject(member(value, name))).length;
  if (count(document, ["dsseEnvelope", "messageSignature"]) !== 1)
    throw malformed("must hold one envelope or one signature");
  if (count(material, ["x509CertificateChain", "publicKey", "certificate"]) !== 1)
    throw malformed("must name one certificate or one key");
  const entries = listMember(material, "tlogEntries") ?? [];
  const stamps = listMember(memberAt(material, "timestampVerificationData"), "rfc3161Timestamps") ?? [];
  if (entries.length > MAX_ENTRIES || stamps.length > MAX_ENTRIES)
    throw malformed(`holds more than ${MAX_ENTRIES} log entries or timestamps`);
  for (const entry of entries) requireOrdinarySize(entry);
  for (const stamp of stamps)
    if ((textMember(stamp, "signedTimestamp") ?? "").length > 128 * 1024)
      throw malformed("holds a huge timestamp");
}

/** The library makes numbers and hashes of whatever length is there, some of that in quadratic time. */
function requireOrdinarySize(entry: Json): void {
  const proof = member(entry, "inclusionProof");
  const checkpoint = textMember(member(proof, "checkpoint"), "envelope") ?? "";
  const numbers = [entry, proof].flatMap((one) =>
    ["logIndex", "integratedTime", "treeSize"].map((name) => String(member(one, name) ?? "")),
  );
  const isHuge =
    checkpoint.length > 16 * 1024 ||
    checkpoint
      .split("\n")
      .slice(0, 3)
      .some((line) => line.length > 1024) ||
    (checkpoint.split("\n")[1] ?? "").length > 20 ||
    (listMember(proof, "hashes") ?? []).length > 64 ||
    numbers.some((number) => number.length > 20);
  if (isHuge) throw malformed("holds a log entry with numbers or proofs of impossible size");
}

/** The library throws whatever comes up for JSON of another shape. */
function decode(document: Json): Bundle {
  try {
    return bundleFromJSON(document);
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", "the bundle is not what a bundle must be", { cause });
  }
}

/**
 * Bundles of version 0.1 may have a proof without the log's checkpoint, which proves nothing; the log's promise beside
 * it does. The library would stumble over it.
 */
function withoutBareProofs(document: Json): Json {
  const material = member(document, "verificationMaterial");
  const entries = listMember(material, "tlogEntries");
  if (!isJsonObject(document) || !isJsonObject(material) || entries === undefined) return document;
  const tlogEntries = entries.map((entry) => {
    const proof = member(entry, "inclusionProof");
    const isBare = isJsonObject(proof) && textMember(member(proof, "checkpoint"), "envelope") === undefined;
    if (!isBare || !isJsonObject(entry) || !isJsonObject(entry.inclusionPromise)) return entry;
    const { inclusionProof: _, ...rest } = entry;
    return rest;
  });
  return { ...document, verificationMaterial: { ...material, tlogEntries } };
}

function readSigner({ verificationMaterial }: Bundle): BundleSigner {
  const { content } = verificationMaterial;
  if (content.$case === "publicKey") return { kind: "key", hint: content.publicKey.hint };
  const raw =
    content.$case === "certificate"
      ? content.certificate.rawBytes
      : content.x509CertificateChain.certificates[0]?.rawBytes;
  const certificate = readCertificate(raw ?? Buffer.alloc(0));
  const publicKey = readPublicKey(certificate.publicKeyInfo);
  return { kind: "certificate", certificate, identity: readIdentity(certificate), publicKey };
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `the bundle ${message}`);
