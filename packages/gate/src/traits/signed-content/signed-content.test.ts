import { describe, expect, it } from "vitest";
import { signedBy } from "../../checks/check.fixture.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import { compareMembers } from "../trait.fixture.ts";
import type { Portrait } from "../trait.ts";
import { signedContent } from "./index.ts";

const PROGRAM_BYTES = 1_000_000;
const WRAPPING_BYTES = 30;
const at = (time: string) => ({ kind: "rfc3161", at: time, verified: true, authority: "Stamps" }) as const;

interface Made {
  readonly bytes?: number;
  readonly spare?: number;
  readonly value?: string;
  readonly nested?: boolean;
  readonly pages?: string;
  readonly report?: Partial<SignatureReport>;
}

const signature = (made: Made = {}): SignatureReport =>
  signedBy("Vendor", {
    digest: "aa",
    timestamp: at("2026-01-01T00:00:00Z"),
    facts: {
      nested: made.nested ?? false,
      signatureBytes: made.bytes ?? 10_000,
      spareBytes: made.spare ?? 0,
      valueSha256: made.value ?? "first",
      pageHashes: made.pages ?? "none",
    },
    ...made.report,
  });
/** Of a new build, signed by the same certificate. */
const next = (made: Made = {}): SignatureReport =>
  signature({
    value: "second",
    ...made,
    report: { digest: "bb", timestamp: at("2026-02-01T00:00:00Z"), ...made.report },
  });

let count = 0;
/** A file as large as its program, its signatures and what else stands in it. */
function file(signatures: readonly SignatureReport[], hidden = 0, format = "pe"): Portrait {
  const outer = signatures.filter(({ facts }) => facts.nested === false);
  const bytes = outer.reduce((sum, { facts }) => sum + Number(facts.signatureBytes ?? 0), 0);
  const tableBytes = bytes + hidden + WRAPPING_BYTES;
  const told = signatures.map((report) =>
    format === "pe" ? { ...report, facts: { ...report.facts, tableBytes } } : report,
  );
  count += 1;
  const member = {
    path: "a.dll",
    sha256: `${count}`,
    sizeBytes: PROGRAM_BYTES + tableBytes,
    format,
    signatures: told,
  };
  return { member, value: () => undefined };
}
const compare = (before: Portrait, after: Portrait) => compareMembers(signedContent, before, after);
const signed = file([signature()]);

describe("bytes in no signature", () => {
  it("are critical in the same program, in a new one, and in one that was not signed before", () => {
    for (const hidden of [64, 1_000, 270_000])
      for (const [before, after] of [
        [signed, signature()],
        [signed, next()],
        [file([]), signature()],
      ] as const)
        expect(compare(before, file([after], hidden))).toMatchObject([
          { rule: "bytes-outside", risk: "critical" },
        ]);
  });

  it("are critical in an installer whose signed content is the same, beyond whole sectors", () => {
    const installer = (hidden: number) => file([signature()], hidden, "msi");
    expect(compare(installer(0), installer(40_000))).toMatchObject([{ rule: "bytes-outside" }]);
    expect(compare(installer(0), installer(4_096))).toMatchObject([{ rule: "touched", risk: "low" }]);
    expect(compare(installer(0), file([next()], 40_000, "msi"))).toEqual([]);
  });

  it("are nothing when they were there before", () => {
    expect(compare(file([signature()], 4_000), file([next()], 4_000))).toEqual([]);
  });
});

describe("spare bytes in a signature", () => {
  it("are critical in a copied signature, high or medium in a new one", () => {
    expect(compare(signed, file([signature({ bytes: 10_300, spare: 300 })]))).toMatchObject([
      { rule: "spare-bytes", risk: "critical" },
    ]);
    expect(compare(signed, file([next({ bytes: 18_000, spare: 8_000 })]))).toMatchObject([
      { rule: "spare-bytes", risk: "high" },
    ]);
    expect(compare(signed, file([next({ bytes: 11_500, spare: 1_500 })]))).toMatchObject([
      { rule: "spare-bytes", risk: "medium" },
    ]);
  });

  it("are nothing when there are no more than before, and few in a file's first signature", () => {
    expect(compare(file([signature({ spare: 1_500 })]), file([next({ spare: 1_500 })]))).toEqual([]);
    expect(compare(file([]), file([signature({ spare: 1_500 })]))).toEqual([]);
    expect(compare(file([]), file([signature({ spare: 9_000 })]))).toMatchObject([{ risk: "high" }]);
  });
});

describe("a signature that grew", () => {
  it("is critical when it was copied, whatever it grew by", () => {
    expect(compare(signed, file([signature({ bytes: 10_200 })]))).toMatchObject([
      { rule: "signature-grew", risk: "critical" },
    ]);
    const { timestamp: _, ...bare } = signature();
    const { timestamp: __, ...more } = signature({ bytes: 10_200 });
    expect(compare(file([bare]), file([more]))).toMatchObject([{ rule: "signature-grew", risk: "critical" }]);
  });

  it("is high beyond what certificates and timestamps explain, in a new build as well", () => {
    expect(compare(signed, file([next({ bytes: 13_000 })]))).toMatchObject([
      { rule: "signature-grew", risk: "high" },
    ]);
  });

  it("is nothing within, and nothing where page hashes grow with the program", () => {
    expect(compare(signed, file([next({ bytes: 11_000 })]))).toEqual([]);
    const { signer } = signedBy("Vendor");
    const renewed = signer === undefined ? {} : { signer: { ...signer, sha256: "cd".repeat(32) } };
    expect(compare(signed, file([next({ bytes: 18_000, report: renewed })]))).toEqual([]);
    const paged = (bytes: number) => file([next({ bytes, pages: "sha256", report: { digest: `${bytes}` } })]);
    expect(compare(paged(20_000), paged(90_000))).toEqual([]);
    const { timestamp: _, ...bare } = signature({ bytes: 7_000 });
    expect(compare(file([bare]), file([next({ bytes: 15_000 })]))).toEqual([]);
  });
});

describe("the same signed content", () => {
  it("with a broken signature is critical", () => {
    const broken = signature({
      report: { integrity: "fail", trust: "broken", because: "it does not verify" },
    });
    expect(compare(signed, file([broken]))).toMatchObject([{ rule: "broken-signature", risk: "critical" }]);
    expect(compare(file([broken]), file([broken]))).toMatchObject([{ risk: "low" }]);
  });

  it("signed once more is info, with all that belongs to it", () => {
    const later = { timestamp: at("2026-02-01T00:00:00Z") };
    const again = signature({ bytes: 11_000, value: "again", report: later });
    const stampedLater = signature({ bytes: 16_000, report: later });
    const nested = signature({ bytes: 9_000, nested: true, value: "nested", report: { position: 1 } });
    for (const signatures of [[again], [stampedLater], [signature({ bytes: 20_000 }), nested]])
      expect(compare(signed, file(signatures))).toMatchObject(
        signatures[0] === stampedLater
          ? [{ rule: "signature-grew", risk: "high" }]
          : [{ rule: "signed-again" }],
      );
    const { timestamp: _, ...bare } = signature({ bytes: 6_000 });
    expect(compare(file([bare]), file([signature({ bytes: 14_000 })]))).toMatchObject([
      { rule: "signed-again" },
    ]);
  });
});

it("says nothing without a signature, of the same bytes, and where sizes are not told", () => {
  expect(compare(signed, file([]))).toEqual([]);
  expect(compare(signed, signed)).toEqual([]);
  const untold = (digest: string) => file([{ ...signature(), digest, facts: {} }], 100, "mach-o");
  expect(compare(untold("aa"), untold("bb"))).toEqual([]);
  expect(compare(untold("aa"), untold("aa"))).toMatchObject([{ rule: "signed-again" }]);
});
