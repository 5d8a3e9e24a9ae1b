/** Timestamps that are right, and wrong about one thing each; OpenSSL as the other authority and the other judge. */

import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDer, TAG } from "../asn1/der.ts";
import {
  writeBitString,
  writeContext,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
  writeValue,
} from "../asn1/write.ts";
import { readSignerInfo, type SignerInfo } from "../cms/signer-info.ts";
import {
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writeExtension,
  writePem,
} from "../replica/certificate-authority.ts";
import { signSignerInfo } from "../replica/cms-signer.ts";
import { type KeyKind, signingKeyNamed } from "../replica/signing-key.ts";
import {
  issueCountersignature,
  issueToken,
  type TokenRequest,
  writeCountersignatureAttribute,
  writeTokenAttribute,
} from "../replica/timestamp-authority.ts";
import { anchorFrom } from "../trust/anchor.ts";
import { createTrustStore, type Purpose } from "../trust/trust-store.ts";
import { readCertificate } from "../x509/certificate.ts";
import { verifyTimestamps } from "./verify.ts";

const PERIOD = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2030-01-01T00:00:00Z") };
const AT = new Date("2024-06-01T12:00:00Z");
const AFTER = new Date("2031-01-01T00:00:00Z");

const root = issueRoot({ ...PERIOD, subject: { commonName: "Root" }, key: signingKeyNamed("root", "p-256") });
const stranger = issueRoot({
  ...PERIOD,
  subject: { commonName: "Stranger" },
  key: signingKeyNamed("stranger", "p-256"),
});

function authorityOf(
  change: Partial<CertificateRequest> = {},
  issuer: IssuedCertificate = root,
  kind: KeyKind = "rsa-2048",
): IssuedCertificate {
  const request: CertificateRequest = {
    ...PERIOD,
    subject: { commonName: "Time Authority" },
    key: signingKeyNamed("time", kind),
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [KEY_PURPOSE.timestamping],
    extendedKeyUsageCritical: true,
    ...change,
  };
  return issueCertificate(request, issuer);
}

const authority = authorityOf();
const leaf = issueCertificate(
  { ...PERIOD, subject: { commonName: "Signer" }, key: signingKeyNamed("leaf", "p-256") },
  root,
);

function trustOf(purposes: readonly Purpose[] = ["timestamping"]) {
  const decision = { id: "test-root", family: "Test", origin: "test", purposes };
  return createTrustStore([anchorFrom(root.certificate, decision)]);
}

/** The same certificate, but for the authority's signature. */
function forged(certificate: Buffer, signatureBytes: number): Buffer {
  const [tbs, algorithm] = readDer(certificate).children;
  return writeSequence(
    tbs?.raw ?? Buffer.alloc(0),
    algorithm?.raw ?? Buffer.alloc(0),
    writeBitString(randomBytes(signatureBytes)),
  );
}

/** The token with one more algorithm among its digests, of as many bytes. */
function stuffed(token: Buffer, parameterBytes: number): Buffer {
  const contentInfo = readDer(token);
  const body = contentInfo.children[1]?.children[0];
  const more = writeSequence(writeObjectIdentifier("1.2.3"), writeOctetString(Buffer.alloc(parameterBytes)));
  const fields = (body?.children ?? []).map(({ raw, content }, index) =>
    index === 1 ? writeValue(TAG.set, Buffer.concat([content, more])) : raw,
  );
  return writeSequence(
    contentInfo.children[0]?.raw ?? Buffer.alloc(0),
    writeContext(0, writeSequence(...fields)),
  );
}

/** A signer with these unsigned attributes. */
const stamped = (attributes: (signature: Buffer) => readonly Uint8Array[]): SignerInfo =>
  readSignerInfo(
    readDer(
      signSignerInfo({
        signer: leaf,
        contentType: "1.2.840.113549.1.7.1",
        contentOctets: Buffer.from("content"),
        unsignedAttributes: attributes,
      }),
    ),
  );

type TokenChange = Partial<Omit<TokenRequest, "signature">>;
const token = (signature: Buffer, change: TokenChange = {}) =>
  issueToken({ authority, at: AT, signature, ...change });

const verify = (signer: SignerInfo, pool: readonly IssuedCertificate[] = [], trust = trustOf()) =>
  verifyTimestamps(signer, { pool: pool.map((issued) => readCertificate(issued.certificate)), trust });

const verifyToken = (change: TokenChange = {}, pool: readonly IssuedCertificate[] = []) =>
  verify(
    stamped((signature) => [writeTokenAttribute(token(signature, change))]),
    pool,
  );

describe("RFC 3161 tokens", () => {
  it("proves a time", () => {
    const summary = verifyToken({ accuracySeconds: 2, policy: "1.2.3.4" });
    expect(summary.trustedTime).toEqual(AT);
    expect(summary.best).toMatchObject({
      kind: "rfc3161",
      outcome: "verified",
      anchorId: "test-root",
      digests: ["sha256", "sha256"],
      weakDigest: false,
      policy: "1.2.3.4",
      accuracyMilliseconds: 2000,
      uncoveredBytes: 0,
    });
    expect(summary.best?.authority?.summary.commonName).toBe("Time Authority");
  });

  it("says nothing when there is no timestamp", () => {
    expect(verify(stamped(() => []))).toEqual({
      timestamps: [],
      best: undefined,
      trustedTime: undefined,
    });
  });

  it.each(["p-256", "p-384", "rsa-3072"] as const)("verifies an authority with %s", (kind) => {
    expect(verifyToken({ authority: authorityOf({}, root, kind) }).trustedTime).toEqual(AT);
  });

  it.each([
    ["over another signature", { broken: { imprint: Buffer.alloc(32) } }, "broken", "imprint-mismatch"],
    ["of another content type", { broken: { contentType: "1.2.3" } }, "broken", "malformed"],
    [
      "bound to another certificate",
      { broken: { boundCertificate: root.certificate } },
      "broken",
      "binding-mismatch",
    ],
    [
      "bound to another certificate by SHA-1",
      { binding: "v1", broken: { boundCertificate: root.certificate } },
      "broken",
      "binding-mismatch",
    ],
    [
      "without its authority",
      { broken: { withoutAuthorityCertificate: true } },
      "unverifiable",
      "certificate-missing",
    ],
    ["resting on MD5", { digest: "md5" }, "unverifiable", "digest-broken"],
    ["resting on MD5 for its imprint", { imprintDigest: "md5" }, "unverifiable", "digest-broken"],
    ["from a stranger", { authority: authorityOf({}, stranger) }, "unverifiable", "path-unknown-root"],
    [
      "from an authority that may also sign code",
      { authority: authorityOf({ extendedKeyUsage: [KEY_PURPOSE.timestamping, KEY_PURPOSE.codeSigning] }) },
      "unverifiable",
      "not-for-timestamping",
    ],
    [
      "from a code signer",
      { authority: authorityOf({ extendedKeyUsage: [KEY_PURPOSE.codeSigning] }) },
      "unverifiable",
      "not-for-timestamping",
    ],
    [
      "from a certificate without a purpose",
      {
        authority: issueCertificate(
          { ...PERIOD, subject: { commonName: "No purpose" }, key: signingKeyNamed("time", "rsa-2048") },
          root,
        ),
      },
      "unverifiable",
      "not-for-timestamping",
    ],
    ["made after its authority expired", { at: AFTER }, "unverifiable", "path-expired"],
    [
      "made before its authority existed",
      { authority: authorityOf({ validFrom: new Date("2025-01-01T00:00:00Z") }) },
      "unverifiable",
      "path-not-yet-valid",
    ],
  ] as const)("does not trust a token %s", (_, change, outcome, reason) => {
    const summary = verifyToken(change);
    expect(summary.best).toMatchObject({ outcome, reason });
    expect(summary.trustedTime).toBeUndefined();
  });

  it("does not trust a token whose anchor may not vouch for timestamps", () => {
    const signer = stamped((signature) => [writeTokenAttribute(token(signature))]);
    expect(verify(signer, [], trustOf(["code-signing"])).trustedTime).toBeUndefined();
  });

  it("accepts a token without certificate binding, and one bound by SHA-1", () => {
    expect(verifyToken({ binding: "none" }).trustedTime).toEqual(AT);
    expect(verifyToken({ binding: "v1" }).trustedTime).toEqual(AT);
  });

  it("accepts an authority that only stamps but does not mark it critical", () => {
    const changed = authorityOf({ extendedKeyUsageCritical: false });
    expect(verifyToken({ authority: changed }).trustedTime).toEqual(AT);
  });

  it("finds the authority's issuer among the signature's certificates", () => {
    const middle = issueCertificate(
      {
        ...PERIOD,
        subject: { commonName: "Middle" },
        key: signingKeyNamed("middle", "p-256"),
        isAuthority: true,
        keyUsage: ["keyCertSign"],
      },
      root,
    );
    const below = authorityOf({}, middle);
    expect(verifyToken({ authority: below }).trustedTime).toBeUndefined();
    const summary = verifyToken({ authority: below }, [middle]);
    expect(summary.trustedTime).toEqual(AT);
    expect(summary.best?.chain).toHaveLength(2);
  });

  it("flags SHA-1 and counts bytes that hide in a token", () => {
    expect(verifyToken({ digest: "sha1" }).best).toMatchObject({ outcome: "verified", weakDigest: true });
    const carrier = issueRoot({
      ...PERIOD,
      subject: { commonName: "Root" },
      key: signingKeyNamed("carrier", "p-256"),
      extraExtensions: [writeExtension("1.2.3.4", false, Buffer.alloc(20_000))],
    });
    const summary = verifyToken({ certificates: [carrier.certificate] });
    expect(summary.trustedTime).toEqual(AT);
    expect(summary.best?.uncoveredBytes).toBeGreaterThan(20_000);
    const bystander = verifyToken({ certificates: [root.certificate] }).best;
    expect(bystander).toMatchObject({ uncoveredBytes: 0, unprovenBytes: root.certificate.length });
  });

  it("counts certificates that only bear an issuer's name, once they are many", () => {
    const lookalikes = Array.from({ length: 12 }, () => forged(root.certificate, 300));
    expect(verifyToken({ certificates: lookalikes }).best).toMatchObject({
      outcome: "verified",
      uncoveredBytes: lookalikes.reduce((sum, { length }) => sum + length, 0),
    });
  });

  it("counts what stands in the parameters of a token's algorithms", () => {
    const signer = stamped((signature) => [
      writeTokenAttribute(stuffed(issueToken({ authority, signature, at: AT }), 9000)),
    ]);
    const [timestamp] = verifyTimestamps(signer, { pool: [], trust: trustOf() }).timestamps;
    expect(timestamp?.outcome).toBe("verified");
    expect(timestamp?.uncoveredBytes).toBeGreaterThan(8500);
  });
});

describe("PKCS#9 countersignatures", () => {
  const countersigned = (
    change: { at?: Date; digest?: "md5" | "sha1" | "sha256"; withoutTime?: boolean } = {},
  ) =>
    stamped((signature) => [
      writeCountersignatureAttribute(issueCountersignature({ authority, signature, at: AT, ...change })),
    ]);

  it("proves a time when its authority leads to an anchor, and flags SHA-1", () => {
    const summary = verify(countersigned(), [authority]);
    expect(summary.trustedTime).toEqual(AT);
    expect(summary.best).toMatchObject({ kind: "pkcs9", outcome: "verified", weakDigest: true });
    expect(verify(countersigned({ digest: "sha256" }), [authority]).best?.weakDigest).toBe(false);
  });

  it("tells apart what cannot be verified and what is broken", () => {
    expect(verify(countersigned()).best).toMatchObject({ reason: "certificate-missing" });
    expect(verify(countersigned({ withoutTime: true }), [authority]).best).toMatchObject({
      outcome: "broken",
      reason: "signing-time-missing",
    });
    expect(verify(countersigned({ digest: "md5" }), [authority]).best).toMatchObject({
      outcome: "unverifiable",
      reason: "digest-broken",
    });
    expect(verify(countersigned({ at: AFTER }), [authority]).best?.reason).toBe("path-expired");
    const foreign = stamped(() => [
      writeCountersignatureAttribute(
        issueCountersignature({ authority, signature: Buffer.from("another"), at: AT }),
      ),
    ]);
    expect(verify(foreign, [authority]).best).toMatchObject({
      outcome: "broken",
      reason: "imprint-mismatch",
    });
  });
});

describe("several timestamps", () => {
  it("reports all of them and uses the best", () => {
    const early = new Date("2023-01-01T00:00:00Z");
    const signer = stamped((signature) => [
      writeCountersignatureAttribute(issueCountersignature({ authority, signature, at: early })),
      writeTokenAttribute(
        token(signature, { authority: authorityOf({}, stranger) }),
        token(signature),
        writeSequence(),
      ),
    ]);
    const summary = verify(signer, [authority]);
    // DER sorts the tokens of one attribute, and their signatures differ each time.
    const found = summary.timestamps.map((timestamp) => `${timestamp.kind} ${timestamp.reason}`);
    expect(found.toSorted()).toEqual([
      "pkcs9 verified",
      "rfc3161 malformed",
      "rfc3161 path-unknown-root",
      "rfc3161 verified",
    ]);
    expect(found.at(-1)).toBe("pkcs9 verified");
    expect(summary.best?.kind).toBe("rfc3161");
    expect(summary.trustedTime).toEqual(AT);
  });

  it("refuses a flood", () => {
    const signer = stamped(() => [writeTokenAttribute(...new Array<Buffer>(17).fill(writeSequence()))]);
    expect(() => verify(signer)).toThrowError(expect.objectContaining({ code: "artifact.over-limit" }));
  });
});

describe("hostile timestamps", () => {
  const signature = Buffer.from("a signature value");
  const whole = token(signature);
  const signer = (bytes: Uint8Array): SignerInfo => {
    const base = stamped(() => []);
    const attribute = { oid: "1.3.6.1.4.1.311.3.3.1", raw: Buffer.from(bytes) };
    const node = { tag: 0x30, raw: Buffer.from(bytes), content: Buffer.alloc(0), children: [] };
    return { ...base, signature, unsignedAttributes: [{ ...attribute, values: [node] }] };
  };

  it("calls every truncation broken", () => {
    for (let length = 0; length < whole.length; length += 3)
      expect(verify(signer(whole.subarray(0, length))).best).toMatchObject({
        outcome: "broken",
        reason: "malformed",
      });
    expect(verify(signer(Buffer.concat([whole, Buffer.from([0])]))).best?.reason).toBe("malformed");
  });

  it("never proves another time once a byte was changed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ change;
          const { trustedTime, best } = verify(signer(changed));
          if (trustedTime === undefined) return;
          expect(trustedTime).toEqual(AT);
          expect(best?.policy).toBe("1.3.6.1.4.1.99999.1");
        },
      ),
      { seed: 11, numRuns: 1_500 },
    );
  });
});

describe.skipIf(spawnSync("openssl", ["version"]).status !== 0)("beside OpenSSL", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-time-"));
    writeFileSync(join(folder, "root.pem"), writePem("CERTIFICATE", root.certificate));
    writeFileSync(join(folder, "authority.pem"), writePem("CERTIFICATE", authority.certificate));
    const pem = authority.key.privateKey.export({ type: "pkcs8", format: "pem" });
    writeFileSync(join(folder, "authority.key"), pem);
    writeFileSync(join(folder, "openssl.cnf"), CONFIGURATION);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...words: readonly string[]) =>
    execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });

  it.each(["sha1", "sha256"])("verifies what `openssl ts` stamps with %s certificate ids", (identifier) => {
    const now = new Date();
    const signer = stamped((signature) => {
      writeFileSync(join(folder, "signature"), signature);
      openssl("ts", "-query", "-data", "signature", "-sha256", "-cert", "-out", "query");
      const words = ["-reply", "-queryfile", "query", "-config", "openssl.cnf", "-section", identifier];
      openssl("ts", ...words, "-token_out", "-out", "token");
      return [writeTokenAttribute(readFileSync(join(folder, "token")))];
    });
    const { best, trustedTime } = verify(signer);
    expect(best).toMatchObject({ outcome: "verified", accuracyMilliseconds: 1500.1 });
    expect(Math.abs((trustedTime?.getTime() ?? 0) - now.getTime())).toBeLessThan(60_000);
  });

  it("stamps what `openssl ts` verifies", () => {
    const signature = Buffer.from("signature value");
    writeFileSync(join(folder, "data"), signature);
    for (const change of [{}, { binding: "v1" }, { digest: "sha512" }, { accuracySeconds: 3 }] as const) {
      writeFileSync(join(folder, "ours"), token(signature, change));
      const words = ["-verify", "-data", "data", "-in", "ours", "-token_in", "-CAfile", "root.pem"];
      expect(openssl("ts", ...words, "-attime", "1717243200").toString()).toContain("OK");
    }
  });
});

const section = (identifier: string): string => `[${identifier}]
serial = ./serial
signer_cert = authority.pem
certs = authority.pem
signer_key = authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_alg = ${identifier}
`;
const CONFIGURATION = `${section("sha1")}\n${section("sha256")}`;
