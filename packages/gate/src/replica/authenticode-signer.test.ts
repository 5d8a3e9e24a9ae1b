/** What the replica signs, osslsigncode must believe; and what it refuses must be refused. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { corpusFile, type DebianProgram, hasApt, NO_CORPUS, osslsigncode } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { derLength } from "../asn1/der.ts";
import { childOf } from "../asn1/values.ts";
import { readSignedData } from "../cms/signed-data.ts";
import { findSigner } from "../cms/signer-certificate.ts";
import { verifySignerInfo } from "../cms/verify.ts";
import { verifyTimestamps } from "../timestamps/verify.ts";
import { anchorFrom } from "../trust/anchor.ts";
import { createTrustStore } from "../trust/trust-store.ts";
import { readCertificate } from "../x509/certificate.ts";
import {
  type AuthenticodeRequest,
  type AuthenticodeSubject,
  signAuthenticode,
} from "./authenticode-signer.ts";
import { issueCertificate, issueRoot, KEY_PURPOSE, writePem } from "./certificate-authority.ts";
import { buildPeImage, signPe } from "./pe-image.ts";
import { type KeyKind, signingKeyNamed } from "./signing-key.ts";
import {
  issueCountersignature,
  issueToken,
  writeCountersignatureAttribute,
  writeTokenAttribute,
} from "./timestamp-authority.ts";

const PERIOD = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2040-01-01T00:00:00Z") };
const AT = new Date("2024-06-01T12:00:00Z");

const root = issueRoot({
  ...PERIOD,
  subject: { commonName: "Replica Root", organisation: "Replica", country: "CH" },
  key: signingKeyNamed("root", "rsa-2048"),
});
const intermediate = issueCertificate(
  {
    ...PERIOD,
    subject: { commonName: "Replica Intermediate" },
    key: signingKeyNamed("intermediate", "p-384"),
    isAuthority: true,
    pathLength: 0,
    keyUsage: ["keyCertSign", "crlSign"],
  },
  root,
);
const signerOf = (kind: KeyKind) =>
  issueCertificate(
    {
      ...PERIOD,
      subject: { commonName: "Replica Vendor", organisation: "Replica" },
      key: signingKeyNamed("signer", kind),
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    },
    intermediate,
  );
const authority = issueCertificate(
  {
    ...PERIOD,
    subject: { commonName: "Replica Time" },
    key: signingKeyNamed("time", "rsa-2048"),
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [KEY_PURPOSE.timestamping],
    extendedKeyUsageCritical: true,
  },
  root,
);
const signer = signerOf("rsa-2048");
const certificates = [intermediate.certificate];
const withToken = (signature: Buffer) => [writeTokenAttribute(issueToken({ authority, signature, at: AT }))];
const withCountersignature = (signature: Buffer) => [
  writeCountersignatureAttribute(issueCountersignature({ authority, signature, at: AT, digest: "sha256" })),
];

type Signing = Omit<AuthenticodeRequest, "subject" | "fileDigest">;
const ROWS: readonly (readonly [string, Signing])[] = [
  ["RSA and SHA-256", { signer, certificates }],
  ["RSA-3072 and SHA-384", { signer: signerOf("rsa-3072"), certificates, digest: "sha384" }],
  ["RSA and SHA-1", { signer, certificates, digest: "sha1" }],
  ["ECDSA", { signer: signerOf("p-256"), certificates, naming: "full" }],
  [
    "a name and an address",
    { signer, certificates, programName: "Démo", moreInfoUrl: "https://example.org/" },
  ],
  ["a time of signing", { signer, certificates, signingTime: AT }],
  ["an RFC 3161 timestamp", { signer, certificates, unsignedAttributes: withToken }],
  [
    "a countersignature",
    {
      signer,
      certificates: [...certificates, authority.certificate],
      unsignedAttributes: withCountersignature,
    },
  ],
];

describe("signing Authenticode", () => {
  it.each(ROWS)("makes with %s what our own reader verifies", (_, signing) => {
    const signedData = readSignedData(
      signAuthenticode({ ...signing, subject: "pe", fileDigest: Buffer.alloc(32, 1) }),
    );
    const pool = signedData.certificates.map((raw) => readCertificate(raw));
    const [info] = signedData.signerInfos;
    const certificate = info && findSigner(info.signerIdentifier, pool);
    if (info === undefined || certificate === undefined) throw new Error("no signer");
    const contentOctets = signedData.content?.content ?? Buffer.alloc(0);
    const { contentType } = signedData;
    expect(verifySignerInfo(info, { contentOctets, contentType, certificate }).valid).toBe(true);
    const decision = {
      id: "replica",
      family: "Replica",
      origin: "test",
      purposes: ["timestamping"],
    } as const;
    const trust = createTrustStore([anchorFrom(root.certificate, decision)]);
    const expected = signing.unsignedAttributes === undefined ? undefined : AT;
    expect(verifyTimestamps(info, { pool, trust }).trustedTime).toEqual(expected);
  });
});

const SKIPPED = hasApt() ? spawnSync("openssl", ["version"]).status !== 0 : true;

describe.skipIf(SKIPPED)("beside osslsigncode", () => {
  let folder = "";
  let program: DebianProgram;
  beforeAll(async () => {
    program = await osslsigncode();
    folder = mkdtempSync(join(tmpdir(), "sallyport-sign-"));
    writeFileSync(join(folder, "root.pem"), writePem("CERTIFICATE", root.certificate));
    writeFileSync(join(folder, "signer.pem"), writePem("CERTIFICATE", signer.certificate));
    const pem = signer.key.privateKey.export({ type: "pkcs8", format: "pem" });
    writeFileSync(join(folder, "signer.key"), pem);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...words: readonly string[]) =>
    spawnSync(program.path, words, { cwd: folder, env: program.env, encoding: "utf8" });
  const verify = (file: string) =>
    run("verify", "-CAfile", "root.pem", "-TSA-CAfile", "root.pem", "-in", file);

  it.each(ROWS)("makes images with %s that osslsigncode verifies", (_, signing) => {
    writeFileSync(join(folder, "image.exe"), signPe(buildPeImage(), signing));
    const { status, stdout, stderr } = verify("image.exe");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain("Signature verification: ok");
    if (signing.unsignedAttributes !== undefined) expect(stdout).toContain("Jun  1 12:00:00 2024 GMT");
  });

  it("makes nested signatures that osslsigncode verifies one by one", () => {
    const image = buildPeImage();
    const inner = readFirstSignature(signPe(image, { signer, certificates, unsignedAttributes: withToken }));
    const file = signPe(image, { signer, certificates, digest: "sha1", nested: [inner] });
    writeFileSync(join(folder, "nested.exe"), file);
    const { status, stdout } = verify("nested.exe");
    expect(status).toBe(0);
    expect(stdout).toContain("Number of verified signatures: 2");
  });

  it("makes broken ones that osslsigncode refuses", () => {
    const image = buildPeImage();
    for (const broken of [{ messageDigest: Buffer.alloc(32) }, { namedDigest: "sha384" }] as const) {
      writeFileSync(join(folder, "broken.exe"), signPe(image, { signer, certificates, broken }));
      expect(verify("broken.exe").status).not.toBe(0);
    }
  });

  it.for([
    ["msi", "osslsigncode/unsigned.msi"],
    ["cab", "jsign/mscab/sample1.cab"],
  ] as const)(
    "makes signatures for %s that osslsigncode attaches and verifies",
    ([subject, name], { skip }) => {
      const original = corpusFile(name);
      if (original === undefined) return skip(NO_CORPUS);
      const fileDigest = digestByOsslsigncode(subject, original);
      const pkcs7 = signAuthenticode({
        subject,
        fileDigest,
        signer,
        certificates,
        unsignedAttributes: withToken,
      });
      writeFileSync(join(folder, "ours.p7"), pkcs7);
      const attach = ["attach-signature", "-sigin", "ours.p7", "-in", original, "-out", `ours.${subject}`];
      expect(run(...attach, "-CAfile", "root.pem", "-TSA-CAfile", "root.pem").status).toBe(0);
      const { status, stdout } = verify(`ours.${subject}`);
      expect(stdout).toContain("Signature verification: ok");
      expect(status).toBe(0);
    },
  );

  /** Lets osslsigncode sign, and reads the digest it found out of its signature. */
  function digestByOsslsigncode(subject: AuthenticodeSubject, original: string): Buffer {
    const sign = ["sign", "-certs", "signer.pem", "-key", "signer.key", "-h", "sha256"];
    const theirs = `theirs.${subject}`;
    expect(run(...sign, "-in", original, "-out", theirs).status).toBe(0);
    expect(run("extract-signature", "-in", theirs, "-out", `${theirs}.p7`).status).toBe(0);
    const padded = readFileSync(join(folder, `${theirs}.p7`));
    // A cabinet's signature is followed by up to seven bytes of padding.
    const { content } = readSignedData(padded.subarray(0, derLength(padded)));
    return childOf(childOf(content, 1, "DigestInfo"), 1, "digest").content;
  }

  it("reads with OpenSSL's asn1parse to the end", () => {
    const der = signAuthenticode({ subject: "msi", fileDigest: Buffer.alloc(32), signer, certificates });
    writeFileSync(join(folder, "parse.der"), der);
    const words = ["asn1parse", "-inform", "DER", "-in", "parse.der"];
    const text = execFileSync("openssl", words, { cwd: folder, encoding: "utf8" });
    expect(text).toContain("pkcs7-signedData");
    expect(text).not.toMatch(/error/i);
  });
});

function readFirstSignature(image: Buffer): Buffer {
  const directory = image.readUInt32LE(0x3c) + 24 + 112 + 32;
  const table = image.readUInt32LE(directory);
  const der = image.subarray(table + 8, table + image.readUInt32LE(table));
  return der.subarray(0, 4 + der.readUInt16BE(2));
}
