/**
 * A little Sigstore in code: authority, certificate log, two transparency logs of the two kinds, timestamp authority,
 * and the trusted root that names them. Everything it makes can be made wrong.
 * Sources: Fulcio, docs/certificate-specification.md; RFC 6962 §3.2, §3.4; Rekor, pkg/types; C2SP tlog-checkpoint.
 * @module
 */

import { createHash, sign } from "node:crypto";
import type { Json, JsonObject } from "@sallyport/core";
import {
  writeContextPrimitive,
  writeInteger,
  writeOctetString,
  writeSequence,
  writeUtf8String,
} from "../../asn1/write.ts";
import {
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writeExtension,
  writePem,
} from "../../replica/certificate-authority.ts";
import { makeSigningKey, publicKeyInfoOf, type SigningKey } from "../../replica/signing-key.ts";
import { issueToken } from "../../replica/timestamp-authority.ts";
import { readCertificate } from "../../x509/certificate.ts";

export const SUBJECT = "https://github.com/example/product/.github/workflows/release.yml@refs/tags/v1.2.3";
export const ISSUER = "https://token.actions.githubusercontent.com";
export const SIGNED_AT = new Date("2026-03-04T05:06:07Z");
const BEFORE = new Date("2025-01-01T00:00:00Z");
const AFTER = new Date("2035-01-01T00:00:00Z");

const world = {
  root: makeSigningKey("p-384"),
  intermediate: makeSigningKey("p-384"),
  certificateLog: makeSigningKey("p-256"),
  log: makeSigningKey("p-256"),
  secondLog: makeSigningKey("ed25519"),
  timestamps: makeSigningKey("p-256"),
  timestampRoot: makeSigningKey("p-256"),
};
const period = { validFrom: BEFORE, validUntil: AFTER };
const root = issueRoot({
  subject: { commonName: "example", organisation: "example" },
  key: world.root,
  ...period,
});
const intermediate = issueCertificate(
  {
    subject: { commonName: "example-intermediate", organisation: "example" },
    key: world.intermediate,
    ...period,
    isAuthority: true,
    pathLength: 0,
    keyUsage: ["keyCertSign"],
    extendedKeyUsage: [KEY_PURPOSE.codeSigning],
  },
  root,
);
const stampRoot = issueRoot({
  subject: { commonName: "example stamps root" },
  key: world.timestampRoot,
  ...period,
});
const stamper = issueCertificate(
  {
    subject: { commonName: "example stamps" },
    key: world.timestamps,
    ...period,
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [KEY_PURPOSE.timestamping],
    extendedKeyUsageCritical: true,
  },
  stampRoot,
);

export interface KeylessRequest {
  readonly subject?: string;
  readonly issuer?: string;
  readonly purposes?: readonly string[];
  readonly at?: Date;
  readonly isAuthority?: boolean;
  /** Whole Extension values besides. */
  readonly extensions?: readonly Buffer[];
  readonly subjects?: readonly Buffer[];
  readonly withoutTimestamp?: boolean;
}

export interface Keyless extends IssuedCertificate {
  readonly at: Date;
}

/** A certificate for ten minutes, promised to a certificate log. */
export function issueKeyless(request: KeylessRequest = {}): Keyless {
  const { subject = SUBJECT, issuer = ISSUER, at = SIGNED_AT } = request;
  const names = request.subjects ?? [writeContextPrimitive(6, Buffer.from(subject))];
  const extensions = [
    writeExtension("2.5.29.17", true, writeSequence(...names)),
    writeExtension("1.3.6.1.4.1.57264.1.8", false, writeUtf8String(issuer)),
    ...(request.extensions ?? [
      build("12", "https://github.com/example/product"),
      build("13", "0123456789012345678901234567890123456789"),
      build("14", "refs/tags/v1.2.3"),
    ]),
  ];
  const wanted = {
    subject: { commonName: "unused" },
    key: makeSigningKey("p-256"),
    validFrom: at,
    validUntil: new Date(at.getTime() + 600_000),
    serial: Buffer.from("0badcafe0badcafe", "hex"),
    ...(request.isAuthority === undefined ? {} : { isAuthority: request.isAuthority }),
    keyUsage: ["digitalSignature"] as const,
    extendedKeyUsage: request.purposes ?? [KEY_PURPOSE.codeSigning],
  };
  const promised = issueCertificate({ ...wanted, extraExtensions: extensions }, intermediate);
  const promise = request.withoutTimestamp === true ? [] : [writePromise(promised.certificate, at)];
  return {
    ...issueCertificate({ ...wanted, extraExtensions: [...extensions, ...promise] }, intermediate),
    at,
  };
}

export const build = (number: string, text: string): Buffer =>
  writeExtension(`1.3.6.1.4.1.57264.1.${number}`, false, writeUtf8String(text));

/** RFC 6962 §3.2: over the certificate without this very extension. */
function writePromise(certificate: Buffer, at: Date): Buffer {
  const { tbs } = readCertificate(certificate);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at.getTime()));
  const length = Buffer.alloc(3);
  length.writeUIntBE(tbs.length, 0, 3);
  const issuer = createHash("sha256").update(publicKeyInfoOf(world.intermediate)).digest();
  const version = Buffer.from([0]);
  const none = Buffer.from([0, 0]);
  const signed = Buffer.concat([
    version,
    Buffer.from([0]),
    time,
    Buffer.from([0, 1]),
    issuer,
    length,
    tbs,
    none,
  ]);
  const signature = sign("sha256", signed, world.certificateLog.privateKey);
  const promise = Buffer.concat([
    version,
    logIdOf(world.certificateLog),
    time,
    none,
    Buffer.from([4, 3]),
    sixteen(signature.length),
    signature,
  ]);
  const list = Buffer.concat([sixteen(promise.length), promise]);
  const value = Buffer.concat([sixteen(list.length), list]);
  return writeExtension("1.3.6.1.4.1.11129.2.4.2", false, writeOctetString(value));
}

function sixteen(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

const logIdOf = (key: SigningKey): Buffer => createHash("sha256").update(publicKeyInfoOf(key)).digest();

export type LogKind = "first" | "second" | "none";

export interface BundleRequest {
  readonly signer?: Keyless;
  /** A bare key instead of a certificate. */
  readonly key?: SigningKey;
  readonly hint?: string;
  readonly log?: LogKind;
  readonly withTimestamp?: boolean;
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
  const hash = createHash("sha256").update(payload).digest();
  const body =
    request.log === "second"
      ? secondBody("dsse", {
          dsseV002: {
            payloadHash: { algorithm: "SHA2_256", digest: hash.toString("base64") },
            signatures: [{ content: signature.toString("base64"), verifier: secondVerifier(request) }],
          },
        })
      : {
          apiVersion: "0.0.1",
          kind: "dsse",
          spec: {
            envelopeHash: { algorithm: "sha256", value: hash.toString("hex") },
            payloadHash: { algorithm: "sha256", value: hash.toString("hex") },
            signatures: [
              {
                signature: signature.toString("base64"),
                verifier: Buffer.from(pemOf(request)).toString("base64"),
              },
            ],
          },
        };
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
  const body =
    request.log === "second"
      ? secondBody("hashedrekord", {
          hashedRekordV002: {
            data: { algorithm: "SHA2_256", digest: digest.toString("base64") },
            signature: { content: signature.toString("base64"), verifier: secondVerifier(request) },
          },
        })
      : {
          apiVersion: "0.0.1",
          kind: "hashedrekord",
          spec: {
            data: { hash: { algorithm: "sha256", value: digest.toString("hex") } },
            signature: {
              content: signature.toString("base64"),
              publicKey: { content: Buffer.from(pemOf(request)).toString("base64") },
            },
          },
        };
  return {
    ...bundleAround(body, signature, request),
    messageSignature: {
      messageDigest: { algorithm: "SHA2_256", digest: digest.toString("base64") },
      signature: signature.toString("base64"),
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

/** The root that names all of it. */
export const trustedRoot = (): JsonObject => ({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  tlogs: [
    logInstance("https://log.example", world.log),
    logInstance("https://second.log.example", world.secondLog),
  ],
  ctlogs: [logInstance("https://certificates.example", world.certificateLog)],
  certificateAuthorities: [authority("https://authority.example", [intermediate, root])],
  timestampAuthorities: [authority("https://stamps.example", [stamper, stampRoot])],
});

const START = { start: BEFORE.toISOString() };

const logInstance = (baseUrl: string, key: SigningKey): Json => ({
  baseUrl,
  hashAlgorithm: "SHA2_256",
  publicKey: { rawBytes: publicKeyInfoOf(key).toString("base64"), keyDetails: "PKIX", validFor: START },
  logId: { keyId: logIdOf(key).toString("base64") },
});

const authority = (uri: string, chain: readonly IssuedCertificate[]): Json => ({
  subject: { organization: "example", commonName: "example" },
  uri,
  certChain: {
    certificates: chain.map(({ certificate }) => ({ rawBytes: certificate.toString("base64") })),
  },
  validFor: START,
});
