import { describe, expect, it } from "vitest";
import type { SignatureReport, SignatureTrust } from "../../signatures/scheme.ts";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import { signature } from "./index.ts";

const examine = (...signatures: SignatureReport[]) =>
  signature.examine?.({ artifact: rootWith({ signatures }), context: contextWith({}) });

describe("signature", () => {
  it("passes an intact signature that leads to a trusted authority, naming the signer", async () => {
    expect(await examine(signedBy("Example"))).toMatchObject({
      outcome: "pass",
      facts: { trust: "valid-timestamped", signer: "Example", revoked: false },
    });
  });

  it("fails what is not signed", async () => {
    expect(await examine()).toMatchObject({ outcome: "fail", facts: { trust: "none" } });
  });

  it.each<SignatureTrust>([
    "valid-legacy-timestamped",
    "timestamp-unverifiable",
    "expired",
    "not-yet-valid",
    "unknown-root",
    "self-signed",
    "invalid-path",
    "broken",
  ])("fails trust %s", async (trust) => {
    expect(await examine(signedBy("Example", { trust }))).toMatchObject({
      outcome: "fail",
      facts: { trust },
    });
  });

  it("judges by the best of several, whatever their order", async () => {
    const signatures = [signedBy("Old", { trust: "expired" }), signedBy("New", { position: 1 })];
    for (const order of [signatures, [...signatures].reverse()])
      expect(await examine(...order)).toMatchObject({ outcome: "pass", facts: { signer: "New" } });
  });

  it("never passes beside a revoked signer, nor when integrity is not proven", async () => {
    expect(await examine(signedBy("A"), signedBy("B", { trust: "revoked" }))).toMatchObject({
      outcome: "fail",
      facts: { revoked: true },
    });
    expect(await examine(signedBy("A", { integrity: "unknown" }))).toMatchObject({ outcome: "unknown" });
    expect(await examine(signedBy("A", { integrity: "fail" }))).toMatchObject({ outcome: "fail" });
  });
});
