/**
 * What every signature scheme promises, whatever it verifies: its own files pass, a changed one never does and never
 * in silence, damage of any kind ends in reports and findings, and nothing but a spent limit is thrown.
 * @module
 */

import { ArtifactError, hasCode } from "@sallyport/core";
import type { BroughtFile, SignatureScheme, TrustStore, VerifyContext } from "@sallyport/gate";
import { expect, it } from "vitest";
import { sequence } from "./format-contract.ts";
import { collect, sourceOf, testBudget } from "./reading.ts";
import { verifyContext } from "./verifying.ts";

/** A signed file that verifies. */
export interface SchemeSample {
  /** Its refined format name, as the descent would give it. */
  readonly format: string;
  readonly bytes: Buffer;
  readonly brought?: Partial<VerifyContext["brought"]>;
  /** No anchors when it is left out. */
  readonly trust?: TrustStore;
  readonly now?: Date;
  /** From and to (exclusive), in bytes: a flipped bit in here must not verify. */
  readonly covered: readonly (readonly [from: number, to: number])[];
}

const CUTS = 40;
const FLIPS = 100;
type Verification = Awaited<ReturnType<SignatureScheme["verify"]>>;

const NO_TRUST: TrustStore = { anchors: [], revocationLists: [], hash: "" };

/** @param make - the sample of the scheme's own folder */
export function schemeContract(scheme: SignatureScheme, make: () => Promise<SchemeSample>): void {
  it("verifies its own file, and claims what was brought with it", async () => {
    const sample = await make();
    const { signatures, findings } = await verifyWith(scheme, sample);
    expect(findings.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
    expect(signatures.length).toBeGreaterThan(0);
    for (const { integrity, scheme: id } of signatures)
      expect({ integrity, id }).toEqual({ integrity: "pass", id: scheme.id });
    const brought = contextOf(sample).brought;
    const claimed = (await scheme.claims?.(brought)) ?? [];
    for (const file of brought.signatures) expect(claimed).toContain(file);
  });

  it("claims nothing that is not its own", async () => {
    const noise = { name: "noise", source: sourceOf(Buffer.from("a line of harmless text\n".repeat(50))) };
    const claimed = await scheme.claims?.({ label: "", signatures: [noise], keys: [noise] });
    expect(claimed ?? []).toEqual([]);
    expect((await scheme.claims?.({ label: "", signatures: [], keys: [] })) ?? []).toEqual([]);
  });

  it("never lets a covered byte be changed, and never is silent about it", async () => {
    const sample = await make();
    const random = sequence(3);
    for (let round = 0; round < FLIPS; round += 1) {
      const [from, to] = sample.covered[random(sample.covered.length)] ?? [0, 0];
      const at = from + random(to - from);
      const result = await verifyWith(scheme, { ...sample, bytes: flip(sample.bytes, at, random(8)) });
      expect(isVerified(result), `a bit at ${at}`).toBe(false);
      expect(saysSomething(result), `a bit at ${at}`).toBe(true);
    }
  });

  it("answers damage anywhere without throwing", async () => {
    const sample = await make();
    const random = sequence(4);
    for (let cut = 0; cut <= CUTS; cut += 1) {
      const length = Math.floor((sample.bytes.length * cut) / (CUTS + 1));
      await verifyWith(scheme, { ...sample, bytes: sample.bytes.subarray(0, length) });
    }
    for (let round = 0; round < FLIPS; round += 1)
      await verifyWith(scheme, {
        ...sample,
        bytes: flip(sample.bytes, random(sample.bytes.length), random(8)),
      });
  });

  it("answers damage in what was brought without throwing, and without believing it", async () => {
    const sample = await make();
    const random = sequence(5);
    const damage = (change: (bytes: Buffer) => Buffer) => async (file: BroughtFile) => ({
      name: file.name,
      source: sourceOf(change(await collect(file.source.stream()))),
    });
    const changes = [
      () => Buffer.alloc(0),
      () => Buffer.from(Array.from({ length: 500 }, () => random(256))),
      ...Array.from({ length: 20 }, () => (bytes: Buffer) => bytes.subarray(0, random(bytes.length))),
      ...Array.from({ length: 40 }, () => (bytes: Buffer) => flip(bytes, random(bytes.length), random(8))),
    ];
    const { signatures = [], keys = [] } = sample.brought ?? {};
    for (const [index, change] of changes.entries()) {
      const verifyBrought = (brought: SchemeSample["brought"]) =>
        verifyWith(scheme, { ...sample, brought: { ...sample.brought, ...brought } });
      const broken = await verifyBrought({ signatures: await Promise.all(signatures.map(damage(change))) });
      if (signatures.length > 0 && index < 2) expect(isVerified(broken)).toBe(false);
      await verifyBrought({ keys: await Promise.all(keys.map(damage(change))) });
      for (const name of ["release", "packages", "trustedRoot"] as const) {
        const file = sample.brought?.[name];
        if (file !== undefined) await verifyBrought({ [name]: await damage(change)(file) });
      }
    }
  });

  it("stops when the budget is spent", async () => {
    const sample = await make();
    const context = { ...contextOf(sample), budget: testBudget({ milliseconds: -1, bytes: 0 }) };
    try {
      await scheme.verify(sourceOf(sample.bytes), context);
    } catch (error) {
      expect(hasCode(error, "artifact.over-limit")).toBe(true);
    }
  });
}

function contextOf({ format, brought, trust = NO_TRUST, now }: SchemeSample): VerifyContext {
  return verifyContext({ format, trust, ...(now === undefined ? {} : { now }) }, brought);
}

/** As the descent does it: claims first, which may throw for what cannot be read. */
async function verifyWith(scheme: SignatureScheme, sample: SchemeSample): Promise<Verification> {
  const context = contextOf(sample);
  try {
    await scheme.claims?.(context.brought);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
  }
  return scheme.verify(sourceOf(sample.bytes), context);
}

const isVerified = ({ signatures, findings }: Verification): boolean =>
  signatures.length > 0 &&
  signatures.every(({ integrity }) => integrity === "pass") &&
  findings.every(({ outcome }) => outcome === "pass");

const saysSomething = ({ signatures, findings }: Verification): boolean =>
  signatures.some(({ integrity }) => integrity !== "pass") ||
  findings.some(({ outcome }) => outcome !== "pass");

function flip(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}
