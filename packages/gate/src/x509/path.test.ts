/** The rules of a path, one world of authorities per test, with `openssl verify` as a second opinion. @module */

import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { writeContextPrimitive, writeInteger, writeSequence } from "../asn1/write.ts";
import {
  type CertificateRequest,
  issueCertificate,
  KEY_PURPOSE,
  writeExtension,
} from "../replica/certificate-authority.ts";
import type { TrustAnchor } from "../trust/trust-store.ts";
import {
  anchorOf,
  authority,
  expectBoth,
  judge,
  key,
  openssl,
  PERIOD,
  root,
  signer,
} from "./test-world.fixture.ts";

describe("finding a path", () => {
  it("accepts a signer below an intermediate, with and without the root in the file", () => {
    const middle = authority("Middle", root());
    const leaf = signer(middle);
    expectBoth(leaf, [middle], "anchored");
    expectBoth(leaf, [root(), leaf, middle, middle], "anchored");
    const result = judge(leaf, [middle]);
    expect(result.chain.map((one) => one.summary.commonName)).toEqual(["Signer", "Middle"]);
    expect(result).toMatchObject({ anchor: { id: "root" }, anchorCertificate: undefined, weakDigest: false });
    expect(judge(leaf, [middle, root()])).toMatchObject({
      anchorCertificate: { subjectKey: expect.any(String) },
    });
  });

  it("accepts a signer whose issuer is the anchor itself, and one that is an anchor", () => {
    expectBoth(signer(root()), [], "anchored");
    const own = signer(root("Elsewhere"));
    const anchors = [anchorOf(own)];
    expect(judge(own, [], { anchors }).outcome).toBe("anchored");
  });

  it("does not let a signer that was added as an anchor vouch for others", () => {
    const own = issueCertificate({
      ...PERIOD,
      subject: { commonName: "Own" },
      key: key("Own"),
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    });
    const anchors = [anchorOf(own)];
    expect(judge(own, [], { anchors }).outcome).toBe("anchored");
    expect(judge(signer(own), [own], { anchors }).outcome).not.toBe("anchored");
  });

  it("stops at an intermediate whose name and key are an anchor, over a root nobody knows", () => {
    const middle = authority("Middle", root("Unknown"));
    expect(judge(signer(middle), [middle], { anchors: [anchorOf(middle)] })).toMatchObject({
      outcome: "anchored",
    });
  });

  it("follows a cross-certificate when the other root is unknown", () => {
    const newRoot = root("New");
    const cross = authority("New", root());
    const middle = authority("Middle", newRoot);
    expect(judge(signer(middle), [newRoot, middle, cross]).outcome).toBe("anchored");
  });

  it("prefers the path that holds over one that expired, whatever the order", () => {
    const old = authority("Middle", root(), { validUntil: new Date("2021-01-01T00:00:00Z") });
    const fresh = authority("Middle", root());
    const leaf = signer(fresh);
    expectBoth(leaf, [old, fresh], "anchored");
    const anchors = [anchorOf(root())];
    expect(judge(leaf, [fresh, old], { anchors })).toEqual(judge(leaf, [old, fresh], { anchors }));
    expect(judge(leaf, [old]).outcome).toBe("expired");
  });

  it("says unknown root, and names what is missing", () => {
    const middle = authority("Middle", root("Unknown"));
    const leaf = signer(middle);
    expectBoth(leaf, [middle], "unknown-root");
    expect(judge(leaf, []).because).toContain('issued "Signer"');
    expect(judge(leaf, [middle, root("Unknown")]).because).toContain('ends at "Unknown"');
  });

  it("says self-signed for a certificate that only vouches for itself", () => {
    const own = issueCertificate({
      ...PERIOD,
      subject: { commonName: "Own" },
      key: key("Own"),
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    });
    expectBoth(own, [], "self-signed");
  });

  it("does not take a root of the same name with another key", () => {
    const impostor = root("Root", { key: key("Impostor") });
    const middle = authority("Middle", impostor);
    expectBoth(signer(middle), [middle, impostor], "unknown-root");
    expectBoth(signer(middle, { broken: { signature: true } }), [middle], "unknown-root");
  });

  it("ends in bounded time on authorities that sign each other in circles", () => {
    const names = Array.from({ length: 12 }, (_, place) => `Circle ${place}`);
    const roots = names.map((name) => root(name));
    const pool = roots.flatMap((issuer) => names.map((name) => authority(name, issuer)));
    const [first] = pool;
    if (first === undefined) throw new Error("no pool");
    const result = judge(signer(first), pool);
    expect(result).toMatchObject({
      outcome: "invalid-path",
      because: expect.stringMatching(/longer than|given up/),
    });
  });

  it("finds the path among 1,000 certificates, and gives up on 1,000 issuers of one name", () => {
    const middle = authority("Middle", root());
    const stranger = root("Stranger");
    const crowd = Array.from({ length: 1000 }, (_, place) =>
      signer(stranger, { serial: Buffer.from([1, place >> 8, place & 255]) }),
    );
    expect(judge(signer(middle), [...crowd, middle]).outcome).toBe("anchored");
    const twins = Array.from({ length: 1000 }, (_, place) =>
      authority("Ghost", stranger, {
        key: key(`ghost ${place % 300}`),
        serial: Buffer.from([2, place >> 8, place & 255]),
      }),
    );
    const orphan = signer(authority("Ghost", stranger, { key: key("ghost lost") }));
    expect(judge(orphan, twins).outcome).toBe("invalid-path");
  });
});

describe("rules of a path", () => {
  it.each<[string, Partial<CertificateRequest>]>([
    ["is no authority", { isAuthority: false }],
    ["does not say that it is an authority", { keyUsage: [] }],
    ["may not sign certificates", { keyUsage: ["digitalSignature"] }],
  ])("refuses an intermediate that %s", (_, request) => {
    const { isAuthority: _flag, keyUsage: _usage, ...bare } = request;
    const middle =
      request.keyUsage?.length === 0
        ? issueCertificate(
            { ...PERIOD, subject: { commonName: "Middle" }, key: key("Middle"), ...bare },
            root(),
          )
        : authority("Middle", root(), request);
    expectBoth(signer(middle), [middle], "invalid-path");
  });

  it("counts authorities below a path length, self-issued ones not", () => {
    const top = authority("Top", root(), { pathLength: 0 });
    const below = authority("Below", top);
    expectBoth(signer(below), [top, below], "invalid-path");
    expectBoth(signer(top), [top], "anchored");
    const rolled = authority("Top", top, { key: key("Top rolled over") });
    expect(judge(signer(rolled), [top, rolled]).outcome).toBe("anchored");
  });

  it("refuses a signer, or an intermediate, that is not made for the purpose", () => {
    const middle = authority("Middle", root());
    expect(
      judge(signer(middle, { extendedKeyUsage: [KEY_PURPOSE.serverAuthentication] }), [middle]).outcome,
    ).toBe("invalid-path");
    expect(judge(signer(middle, { extendedKeyUsage: [KEY_PURPOSE.any] }), [middle]).outcome).toBe(
      "invalid-path",
    );
    expect(judge(signer(middle, { keyUsage: ["keyEncipherment"] }), [middle]).outcome).toBe("invalid-path");
    const web = authority("Web", root(), { extendedKeyUsage: [KEY_PURPOSE.serverAuthentication] });
    expect(judge(signer(web), [web])).toMatchObject({
      outcome: "invalid-path",
      because: expect.stringContaining("Web"),
    });
    const any = authority("Any", root(), { extendedKeyUsage: [KEY_PURPOSE.any] });
    expect(judge(signer(any), [any]).outcome).toBe("anchored");
    const stamp = signer(middle, { extendedKeyUsage: [KEY_PURPOSE.timestamping] });
    expect(judge(stamp, [middle], { purpose: "timestamping" }).outcome).toBe("anchored");
    expect(judge(stamp, [middle]).outcome).toBe("invalid-path");
  });

  it("tells expired from not yet valid, at the time asked about", () => {
    const middle = authority("Middle", root());
    const old = signer(middle, { validUntil: new Date("2022-01-01T00:00:00Z") });
    expectBoth(old, [middle], "expired");
    expect(judge(old, [middle], { at: new Date("2021-06-01T00:00:00Z") }).outcome).toBe("anchored");
    expectBoth(signer(middle, { validFrom: new Date("2030-01-01T00:00:00Z") }), [middle], "not-yet-valid");
  });

  it("judges the anchor: period, purpose and cut-off", () => {
    const leaf = signer(root());
    const asked = (change: Partial<TrustAnchor>) =>
      judge(leaf, [], { anchors: [anchorOf(root(), change)] }).outcome;
    expect(asked({ validUntil: new Date("2025-01-01T00:00:00Z") })).toBe("expired");
    expect(asked({ validFrom: new Date("2027-01-01T00:00:00Z") })).toBe("not-yet-valid");
    expect(asked({ purposes: ["timestamping"] })).toBe("invalid-path");
    expect(asked({ distrustAfter: new Date("2026-05-31T00:00:00Z") })).toBe("invalid-path");
    expect(asked({ distrustAfter: new Date("2026-06-02T00:00:00Z") })).toBe("anchored");
  });

  it("refuses a critical extension it does not know, and policy constraints", () => {
    const unknown = writeExtension("1.3.6.1.4.1.55555.1", true, writeInteger(1));
    expectBoth(signer(root(), { extraExtensions: [unknown] }), [], "invalid-path");
    const lenient = writeExtension("1.3.6.1.4.1.55555.1", false, writeInteger(1));
    expectBoth(signer(root(), { extraExtensions: [lenient] }), [], "anchored");
    const constraints = writeExtension(
      "2.5.29.36",
      true,
      writeSequence(writeContextPrimitive(0, Buffer.from([0]))),
    );
    const middle = authority("Middle", root(), { extraExtensions: [constraints] });
    expect(judge(signer(middle), [middle]).outcome).toBe("invalid-path");
  });

  it("refuses RSA below 2048 bits and certificates signed over MD5", () => {
    expect(judge(signer(root(), { key: key("small", "rsa-1024") }), [])).toMatchObject({
      outcome: "invalid-path",
      because: expect.stringContaining("1024 bits"),
    });
    const rsa = root("RSA", { key: key("RSA", "rsa-2048") });
    const anchors = [anchorOf(rsa)];
    expect(judge(signer(rsa, { digest: "md5" }), [], { anchors })).toMatchObject({
      outcome: "invalid-path",
      because: expect.stringContaining("MD5"),
    });
    expect(judge(signer(rsa, { naming: "pss" }), [], { anchors }).outcome).toBe("anchored");
  });

  it("notes SHA-1 in an old path and refuses it in a new one", () => {
    const at = new Date("2014-01-01T00:00:00Z");
    const old = { validFrom: new Date("2012-01-01T00:00:00Z"), validUntil: PERIOD.validUntil };
    const rsa = root("RSA", { ...old, key: key("RSA", "rsa-2048") });
    const anchors = [anchorOf(rsa)];
    expect(judge(signer(rsa, { ...old, digest: "sha1" }), [], { anchors, at })).toMatchObject({
      outcome: "anchored",
      weakDigest: true,
      because: expect.stringContaining("SHA-1"),
    });
    expect(judge(signer(rsa, { digest: "sha1" }), [], { anchors }).outcome).toBe("invalid-path");
  });

  it("says when a signature ends with its signer's certificate", () => {
    const leaf = signer(root(), { extendedKeyUsage: [KEY_PURPOSE.codeSigning, KEY_PURPOSE.lifetimeSigning] });
    expect(judge(leaf, [])).toMatchObject({ outcome: "anchored", lifetimeSigning: true });
  });

  it.skipIf(!openssl)("refuses an issuer whose curve is spelled out (CVE-2020-0601)", () => {
    const pem = execFileSync("openssl", [
      "ecparam",
      "-name",
      "prime256v1",
      "-genkey",
      "-noout",
      "-param_enc",
      "explicit",
    ]);
    const explicit = execFileSync("openssl", ["ec", "-pubout", "-outform", "DER", "-param_enc", "explicit"], {
      input: pem,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const leaf = signer(root(), { broken: { publicKeyInfo: explicit } });
    expect(judge(leaf, [])).toMatchObject({
      outcome: "invalid-path",
      because: expect.stringContaining("CVE-2020-0601"),
    });
    const middle = authority("Middle", root(), { broken: { publicKeyInfo: explicit } });
    expect(judge(signer(middle), [middle])).toMatchObject({
      outcome: "invalid-path",
      because: expect.stringContaining("CVE-2020-0601"),
    });
  });
});
