import { describe, expect, it } from "vitest";
import { signedBy } from "../../checks/check.fixture.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import { compareMembers } from "../trait.fixture.ts";
import type { Portrait } from "../trait.ts";
import { signedContent } from "./index.ts";

const PROGRAM_BYTES = 1_000_000;
const at = (time: string) => ({ kind: "rfc3161", at: time, verified: true, authority: "Stamps" }) as const;

const signature = (bytes: number, given: Partial<SignatureReport> = {}): SignatureReport =>
  signedBy("Vendor", {
    digest: "aa",
    timestamp: at("2026-01-01T00:00:00Z"),
    facts: { nested: false, signatureBytes: bytes, pageHashes: "none" },
    ...given,
  });

/** A file as large as its program, its signatures and what else stands in it. */
function file(signatures: readonly SignatureReport[], hidden = 0, format = "pe"): Portrait {
  const bytes = signatures.reduce((sum, { facts }) => sum + Number(facts.signatureBytes ?? 0), 0);
  const sizeBytes = PROGRAM_BYTES + bytes + hidden;
  const sha256 = `${JSON.stringify(signatures).length}-${sizeBytes}-${Math.random()}`;
  return { member: { path: "a.dll", sha256, sizeBytes, format, signatures }, value: () => undefined };
}
const compare = (before: Portrait, after: Portrait) => compareMembers(signedContent, before, after);
const signed = file([signature(10_000)]);

describe("the same signed content", () => {
  it("with bytes in no signature is critical", () => {
    for (const hidden of [64, 1_000, 270_000])
      expect(compare(signed, file([signature(10_000)], hidden))).toMatchObject([
        { rule: "bytes-outside", risk: "critical", facts: { outsideBytes: hidden } },
      ]);
    expect(
      compare(file([signature(10_000)], 0, "msi"), file([signature(10_000)], 40_000, "msi")),
    ).toMatchObject([{ rule: "bytes-outside" }]);
  });

  it("in the very same signature that grew is critical, by whatever it grew", () => {
    expect(compare(signed, file([signature(10_200)]))).toMatchObject([
      { rule: "signature-grew", risk: "critical" },
    ]);
  });

  it("with a broken signature is critical", () => {
    const broken = signature(10_000, { integrity: "fail", trust: "broken", because: "it does not verify" });
    expect(compare(signed, file([broken]))).toMatchObject([{ rule: "broken-signature", risk: "critical" }]);
    expect(compare(file([broken]), file([broken]))).not.toMatchObject([{ risk: "critical" }]);
  });

  it("signed once more is info, with all that belongs to it", () => {
    const again = signature(11_000, { timestamp: at("2026-02-01T00:00:00Z") });
    const nested = signature(9_000, {
      position: 1,
      facts: { nested: true, signatureBytes: 9_000, pageHashes: "none" },
    });
    for (const signatures of [[again], [signature(20_000), nested]])
      expect(compare(signed, file(signatures, signatures.length === 2 ? -9_000 : 8))).toMatchObject([
        { rule: "signed-again", risk: "info" },
      ]);
    expect(compare(file([signature(10_000)], 0, "msi"), file([again], 4_096, "msi"))).toMatchObject([
      { rule: "signed-again" },
    ]);
  });
});

describe("a signature that grew", () => {
  const next = (bytes: number, given: Partial<SignatureReport> = {}) =>
    file([signature(bytes, { digest: "bb", timestamp: at("2026-02-01T00:00:00Z"), ...given })]);

  it("is high beyond what certificates and timestamps explain", () => {
    expect(compare(signed, next(30_000))).toMatchObject([{ rule: "signature-grew", risk: "high" }]);
  });

  it("is nothing within, and nothing where page hashes grow with the program", () => {
    expect(compare(signed, next(12_000))).toEqual([]);
    const renewed = signedBy("Vendor").signer;
    const other = renewed === undefined ? {} : { signer: { ...renewed, sha256: "cd".repeat(32) } };
    expect(compare(signed, next(18_000, other))).toEqual([]);
    const paged = { nested: false, signatureBytes: 90_000, pageHashes: "sha256" };
    expect(compare(signed, next(90_000, { facts: paged }))).toEqual([]);
    const { timestamp: _, ...unstamped } = signature(7_000);
    expect(compare(file([unstamped]), next(15_000))).toEqual([]);
  });
});

it("says nothing without signatures, of the same bytes, and where sizes are not told", () => {
  expect(compare(file([]), signed)).toEqual([]);
  expect(compare(signed, signed)).toEqual([]);
  const untold = (digest: string) => file([signature(0, { digest, scheme: "apple-code", facts: {} })], 100);
  expect(compare(untold("aa"), untold("bb"))).toEqual([]);
  expect(compare(untold("aa"), untold("aa"))).toMatchObject([{ rule: "signed-again" }]);
});
