import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBER } from "asn1js";
import { ContentInfo, SignedData as PkijsSignedData } from "pkijs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDer } from "../asn1/der.ts";
import { writeOctetString, writeSequence, writeSetOf } from "../asn1/write.ts";
import { issueCertificate, issueRoot, writePem } from "../replica/certificate-authority.ts";
import { type SignerRequest, signSignerInfo, writeSignedData } from "../replica/cms-signer.ts";
import { type KeyKind, type SignatureNaming, signingKeyNamed } from "../replica/signing-key.ts";
import { readCertificate } from "../x509/certificate.ts";
import type { DigestName } from "./algorithm.ts";
import { readSignedData } from "./signed-data.ts";
import { findSigner } from "./signer-certificate.ts";
import { readSignerInfo, type SignerInfo } from "./signer-info.ts";
import { verifySignerInfo } from "./verify.ts";

const DATA = "1.2.840.113549.1.7.1";
const PERIOD = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2040-01-01T00:00:00Z") };
const content = Buffer.from("what is signed");

const root = issueRoot({ ...PERIOD, subject: { commonName: "Root" }, key: signingKeyNamed("root", "p-256") });
const leafOf = (kind: KeyKind) =>
  issueCertificate(
    {
      ...PERIOD,
      subject: { commonName: `Leaf ${kind}` },
      key: signingKeyNamed("leaf", kind),
      keyUsage: ["digitalSignature"],
    },
    root,
  );

function signed(request: Partial<SignerRequest> & { kind?: KeyKind } = {}): SignerInfo {
  const { kind = "p-256", ...rest } = request;
  const der = signSignerInfo({
    signer: leafOf(kind),
    contentType: DATA,
    contentOctets: content,
    ...rest,
  });
  return readSignerInfo(readDer(der));
}

function verify(signer: SignerInfo, change: { kind?: KeyKind; octets?: Buffer; type?: string } = {}) {
  return verifySignerInfo(signer, {
    contentOctets: change.octets ?? content,
    contentType: change.type ?? DATA,
    certificate: readCertificate(leafOf(change.kind ?? "p-256").certificate),
  });
}

/** The SignerInfo with one of its fields replaced. */
function withField(signer: SignerInfo, index: number, field: Uint8Array): SignerInfo {
  const parts = readDer(signer.raw).children.map((node) => node.raw);
  return readSignerInfo(readDer(writeSequence(...parts.toSpliced(index, 1, Buffer.from(field)))));
}

const ROWS: readonly [KeyKind, DigestName, SignatureNaming][] = [
  ["rsa-2048", "md5", "full"],
  ["rsa-2048", "sha1", "bare"],
  ["rsa-2048", "sha256", "full"],
  ["rsa-2048", "sha256", "bare"],
  ["rsa-2048", "sha384", "bare"],
  ["rsa-2048", "sha256", "pss"],
  ["rsa-3072", "sha512", "pss"],
  ["p-256", "sha256", "full"],
  ["p-256", "sha256", "bare"],
  ["p-384", "sha384", "full"],
  ["p-384", "sha1", "bare"],
  ["ed25519", "sha512", "full"],
];

describe("verifying a SignerInfo", () => {
  it.each(ROWS)("verifies %s with %s, named %s, and nothing else", (kind, digest, naming) => {
    const signer = signed({ kind, digest, naming });
    expect(verify(signer, { kind })).toMatchObject({ valid: true, digest });
    expect(verify(signer, { kind, octets: Buffer.from("other") })).toMatchObject({
      valid: false,
      outcome: "fail",
      reason: "message-digest-mismatch",
    });
    const value = Buffer.from(signer.signature);
    value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
    expect(verify({ ...signer, signature: value }, { kind })).toMatchObject({ reason: "signature-mismatch" });
    expect(verify(signer, { kind: kind === "p-256" ? "p-384" : "p-256" }).valid).toBe(false);
  });

  it("verifies over the attributes as they stand, even when they are not sorted", () => {
    const signer = signed({ unusual: { unsorted: true } });
    expect(signer.signedAttributes?.sorted).toBe(false);
    expect(verify(signer).valid).toBe(true);
  });

  it("names the failure: content type, missing attributes, algorithms that contradict each other", () => {
    expect(verify(signed(), { type: "1.2.3" })).toMatchObject({ reason: "content-type-mismatch" });
    const bare = signed({ unusual: { withoutSignedAttributes: true } });
    expect(verify(bare).valid).toBe(true);
    expect(verify(bare, { type: "1.2.3" })).toMatchObject({ reason: "signed-attributes-missing" });
    const untyped = readSignerInfo(
      readDer(signSignerInfo({ signer: leafOf("p-256"), contentOctets: content })),
    );
    expect(verify(untyped)).toMatchObject({ reason: "content-type-missing" });
    const certificate = readCertificate(leafOf("p-256").certificate);
    const options = { contentOctets: content, contentType: DATA, certificate };
    expect(verifySignerInfo(untyped, { ...options, contentTypeAttribute: "optional" }).valid).toBe(true);
    const signer = signed();
    const sha1 = readDer(Buffer.from("300906072a8648ce3d0401", "hex"));
    expect(verify(withField(signer, 4, sha1.raw))).toMatchObject({ reason: "algorithm-mismatch" });
  });

  it("holds what it does not know: unknown digests and signature algorithms are unknown, not valid", () => {
    const odd = Buffer.from("300506032a0304", "hex");
    for (const field of [2, 4])
      expect(verify(withField(signed(), field, odd))).toMatchObject({
        valid: false,
        outcome: "unknown",
        reason: "algorithm-unsupported",
      });
  });

  it("refuses a signature by a key with explicit curve parameters or a broken key", () => {
    const signer = signed();
    const result = verifySignerInfo(signer, {
      contentOctets: content,
      contentType: DATA,
      certificate: { publicKeyInfo: writeSequence(writeSetOf(), writeOctetString(Buffer.alloc(3))) },
    });
    expect(result.valid).toBe(false);
  });

  it("finds the signer by issuer and serial number, and by key identifier", () => {
    const pool = [root, leafOf("p-256")].map((issued) => readCertificate(issued.certificate));
    expect(findSigner(signed({ byKeyIdentifier: true }).signerIdentifier, pool)?.subject).toEqual(
      leafOf("p-256").subject,
    );
    const issued = leafOf("p-256");
    const der = signSignerInfo({ signer: issued, contentType: DATA, contentOctets: content });
    const { signerIdentifier } = readSignerInfo(readDer(der));
    expect(findSigner(signerIdentifier, [readCertificate(issued.certificate)])).toBeDefined();
    expect(findSigner(signerIdentifier, pool)).toBeUndefined();
  });
});

describe.skipIf(spawnSync("openssl", ["version"]).status !== 0)("beside OpenSSL and pkijs", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-cms-"));
    writeFileSync(join(folder, "root.pem"), writePem("CERTIFICATE", root.certificate));
    writeFileSync(join(folder, "content"), content);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...words: readonly string[]) =>
    execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });

  it.each(["rsa-2048", "p-256", "p-384"] as const)("verifies what `openssl cms` signs with %s", (kind) => {
    const leaf = leafOf(kind);
    writeFileSync(join(folder, "leaf.pem"), writePem("CERTIFICATE", leaf.certificate));
    writeFileSync(join(folder, "leaf.key"), leaf.key.privateKey.export({ type: "pkcs8", format: "pem" }));
    const words = ["-sign", "-in", "content", "-binary", "-nodetach", "-outform", "DER", "-out", "out.der"];
    for (const extra of [
      [],
      ["-keyid"],
      ["-noattr"],
      kind === "rsa-2048" ? ["-keyopt", "rsa_padding_mode:pss"] : [],
    ]) {
      openssl("cms", ...words, "-signer", "leaf.pem", "-inkey", "leaf.key", "-md", "sha256", ...extra);
      const signedData = readSignedData(readFileSync(join(folder, "out.der")));
      const [signer] = signedData.signerInfos;
      const pool = signedData.certificates.map((raw) => readCertificate(raw));
      const certificate = signer && findSigner(signer.signerIdentifier, pool);
      if (signer === undefined || certificate === undefined) throw new Error("no signer");
      const contentOctets = signedData.content?.content ?? Buffer.alloc(0);
      expect(contentOctets).toEqual(content);
      expect(verifySignerInfo(signer, { contentOctets, contentType: DATA, certificate }).valid).toBe(true);
    }
  });

  it.each(ROWS.filter(([kind, digest]) => kind !== "ed25519" && digest !== "md5"))(
    "signs with %s, %s, named %s, and OpenSSL and pkijs agree",
    async (kind, digest, naming) => {
      const leaf = leafOf(kind);
      const info = signSignerInfo({
        signer: leaf,
        contentType: DATA,
        contentOctets: content,
        digest,
        naming,
      });
      const der = writeSignedData({
        contentType: DATA,
        content: writeOctetString(content),
        signerInfos: [info],
        digests: [digest],
        certificates: [leaf.certificate],
      });
      writeFileSync(join(folder, "ours.der"), der);
      const verifyWords = ["-verify", "-binary", "-inform", "DER", "-in", "ours.der", "-CAfile", "root.pem"];
      openssl("cms", ...verifyWords, "-purpose", "any", "-out", "out");
      expect(readFileSync(join(folder, "out"))).toEqual(content);
      // pkijs knows neither the bare names of ECDSA nor PSS without its own salt rules.
      if (naming !== "full") return;
      const parsed = new ContentInfo({ schema: fromBER(new Uint8Array(der).buffer).result });
      const theirs = new PkijsSignedData({ schema: parsed.content });
      expect(await theirs.verify({ signer: 0, checkChain: false })).toBe(true);
    },
  );
});
