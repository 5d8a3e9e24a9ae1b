/**
 * Bundles made in code, with the little Sigstore of `signing-service.fixture.ts`. Everything can be made wrong.
 * Sources: protobuf-specs, sigstore_bundle.proto; Rekor, pkg/types; C2SP tlog-checkpoint.
 * @module
 */

import { createHash, sign } from "node:crypto";
import type { Json, JsonObject } from "@sallyport/core";
import { writeInteger, writeSequence } from "../../asn1/write.ts";
import { writePem } from "../../replica/certificate-authority.ts";
import { publicKeyInfoOf, type SigningKey } from "../../replica/signing-key.ts";
import { issueToken } from "../../replica/timestamp-authority.ts";
import { issueKeyless, type Keyless, logIdOf, stamper, world } from "./signing-service.fixture.ts";

export type LogKind = "first" | "second" | "none";

export interface BundleRequest {
  readonly signer?: Keyless;
  /** A bare key instead of a certificate. */
  readonly key?: SigningKey;
  readonly hint?: string;
  readonly log?: LogKind;
  readonly withTimestamp?: boolean;
  /** How the log keeps an envelope. Default: as one. */
  readonly loggedAs?: "hashedrekord";
  readonly mediaType?: string;
  readonly at?: Date;
}

/** in-toto, over files by their digests. */
export const statementOf = (
  subject: Json,
  predicateType = "https://slsa.dev/provenance/v1",
  predicate: Json = {},
): JsonObject => ({ _type: "https://in-toto.io/Statement/v1", subject, predicateType, predicate });

export const subjectOf = (file: Buffer, ...names: readonly string[]): Json[] => [
  {
    name: "product.bin",
    digest: Object.fromEntries(
      (names.length === 0 ? ["sha256"] : names).map((name) => [
        name,
        createHash(name).update(file).digest("hex"),
      ]),
    ),
  },
];

/** A bundle with a DSSE envelope. */
export function attest(statement: Json, request: BundleRequest = {}): JsonObject {
  const payload = Buffer.from(JSON.stringify(statement));
  const payloadType = "application/vnd.in-toto+json";
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
    payload,
  ]);
  const signature = signWith(request, signed);
  const body =
    request.loggedAs === "hashedrekord"
      ? hashBody(createHash("sha256").update(signed).digest(), signature, request)
      : envelopeBody(createHash("sha256").update(payload).digest(), signature, request);
  return {
    ...bundleAround(body, signature, request),
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType,
      signatures: [{ sig: signature.toString("base64"), keyid: "" }],
    },
  };
}

/** A bundle with a signature over the file itself. */
export function signFile(file: Buffer, request: BundleRequest = {}): JsonObject {
  const signature = signWith(request, file);
  const digest = createHash("sha256").update(file).digest();
  const body = hashBody(digest, signature, request);
  return {
    ...bundleAround(body, signature, request),
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: digest.toString("base64") },
      signature: signature.toString("base64"),
    },
  };
}

/** The entry of an envelope: the digest of its payload. */
function envelopeBody(digest: Buffer, signature: Buffer, request: BundleRequest): Json {
  const content = signature.toString("base64");
  if (request.log === "second")
    return secondBody("dsse", {
      dsseV002: {
        payloadHash: { algorithm: "SHA2_256", digest: digest.toString("base64") },
        signatures: [{ content, verifier: secondVerifier(request) }],
      },
    });
  const hash = { algorithm: "sha256", value: digest.toString("hex") };
  const verifier = Buffer.from(pemOf(request)).toString("base64");
  return {
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: { envelopeHash: hash, payloadHash: hash, signatures: [{ signature: content, verifier }] },
  };
}

/** The entry of anything that was signed: the digest of what was signed. */
function hashBody(digest: Buffer, signature: Buffer, request: BundleRequest): Json {
  const content = signature.toString("base64");
  if (request.log === "second")
    return secondBody("hashedrekord", {
      hashedRekordV002: {
        data: { algorithm: "SHA2_256", digest: digest.toString("base64") },
        signature: { content, verifier: secondVerifier(request) },
      },
    });
  const publicKey = { content: Buffer.from(pemOf(request)).toString("base64") };
  return {
    apiVersion: "0.0.1",
    kind: "hashedrekord",
    spec: {
      data: { hash: { algorithm: "sha256", value: digest.toString("hex") } },
      signature: { content, publicKey },
    },
  };
}

const secondBody = (kind: string, spec: Json): Json => ({ apiVersion: "0.0.2", kind, spec });

const keyOf = ({ key, signer = usualSigner }: BundleRequest): SigningKey => key ?? signer.key;
const usualSigner = issueKeyless();

function signWith(request: BundleRequest, bytes: Buffer): Buffer {
  const { privateKey } = keyOf(request);
  return sign(privateKey.asymmetricKeyType === "ed25519" ? null : "sha256", bytes, privateKey);
}

const pemOf = (request: BundleRequest): string =>
  request.key === undefined
    ? writePem("CERTIFICATE", (request.signer ?? usualSigner).certificate)
    : writePem("PUBLIC KEY", publicKeyInfoOf(request.key));

const secondVerifier = (request: BundleRequest): Json =>
  request.key === undefined
    ? {
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        x509Certificate: { rawBytes: (request.signer ?? usualSigner).certificate.toString("base64") },
      }
    : {
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        publicKey: { rawBytes: publicKeyInfoOf(request.key).toString("base64") },
      };

function bundleAround(body: Json, signature: Buffer, request: BundleRequest): JsonObject {
  const { log = "first", signer = usualSigner, key, hint = "" } = request;
  const at = request.at ?? signer.at;
  const stamp = request.withTimestamp ?? log === "second";
  const response = () =>
    writeSequence(writeSequence(writeInteger(0)), issueToken({ authority: stamper, signature, at })).toString(
      "base64",
    );
  return {
    mediaType: request.mediaType ?? "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      ...(key === undefined
        ? { certificate: { rawBytes: signer.certificate.toString("base64") } }
        : { publicKey: { hint } }),
      tlogEntries: log === "none" ? [] : [log === "first" ? firstEntry(body, at) : secondEntry(body)],
      timestampVerificationData: { rfc3161Timestamps: stamp ? [{ signedTimestamp: response() }] : [] },
    },
  };
}

const KIND = (body: Json): Json => {
  const { kind, apiVersion } = body as { kind: string; apiVersion: string };
  return { kind, version: apiVersion };
};

/** Rekor as it was first: a promise, a proof in a log of one entry, a checkpoint. */
function firstEntry(body: Json, at: Date): Json {
  const canonical = Buffer.from(JSON.stringify(body));
  const integratedTime = Math.floor(at.getTime() / 1000);
  const promised = JSON.stringify({
    body: canonical.toString("base64"),
    integratedTime,
    logID: logIdOf(world.log).toString("hex"),
    logIndex: 7,
  });
  return {
    logIndex: "7",
    logId: { keyId: logIdOf(world.log).toString("base64") },
    kindVersion: KIND(body),
    integratedTime: String(integratedTime),
    inclusionPromise: {
      signedEntryTimestamp: sign("sha256", Buffer.from(promised), world.log.privateKey).toString("base64"),
    },
    inclusionProof: proofOf(canonical, "log.example", world.log),
    canonicalizedBody: canonical.toString("base64"),
  };
}

/** Rekor's second version promises nothing and tells no time. */
function secondEntry(body: Json): Json {
  const canonical = Buffer.from(JSON.stringify(body));
  return {
    logIndex: "0",
    logId: { keyId: logIdOf(world.secondLog).toString("base64") },
    kindVersion: KIND(body),
    integratedTime: "0",
    inclusionProof: proofOf(canonical, "second.log.example", world.secondLog),
    canonicalizedBody: canonical.toString("base64"),
  };
}

function proofOf(canonical: Buffer, origin: string, key: SigningKey): Json {
  const leaf = createHash("sha256")
    .update(Buffer.from([0]))
    .update(canonical)
    .digest("base64");
  const note = `${origin}\n1\n${leaf}\n`;
  const algorithm = key.privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const signature = Buffer.concat([
    logIdOf(key).subarray(0, 4),
    sign(algorithm, Buffer.from(note), key.privateKey),
  ]);
  return {
    logIndex: "0",
    rootHash: leaf,
    treeSize: "1",
    hashes: [],
    checkpoint: { envelope: `${note}\n— ${origin} ${signature.toString("base64")}\n` },
  };
}
