/**
 * A little Sigstore in code: authority, certificate log, two transparency logs of the two kinds, timestamp authority,
 * and the trusted root that names them.
 * Sources: Fulcio, docs/certificate-specification.md; RFC 6962 §3.2, §3.4; Rekor, pkg/types; C2SP tlog-checkpoint.
 * @module
 */

import { createHash, sign } from "node:crypto";
import type { Json, JsonObject } from "@sallyport/core";
import { writeContextPrimitive, writeOctetString, writeSequence, writeUtf8String } from "../../asn1/write.ts";
import {
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writeExtension,
} from "../../replica/certificate-authority.ts";
import { makeSigningKey, publicKeyInfoOf, type SigningKey } from "../../replica/signing-key.ts";
import { readCertificate } from "../../x509/certificate.ts";

export const SUBJECT = "https://github.com/example/product/.github/workflows/release.yml@refs/tags/v1.2.3";
export const ISSUER = "https://token.actions.githubusercontent.com";
export const SIGNED_AT = new Date("2026-03-04T05:06:07Z");
const BEFORE = new Date("2025-01-01T00:00:00Z");
const AFTER = new Date("2035-01-01T00:00:00Z");

/** The keys of all services. */
export const world = {
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
/** Signs timestamps. */
export const stamper = issueCertificate(
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

export const logIdOf = (key: SigningKey): Buffer =>
  createHash("sha256").update(publicKeyInfoOf(key)).digest();

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
