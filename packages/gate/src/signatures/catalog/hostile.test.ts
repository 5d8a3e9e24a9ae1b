/** Catalogs made to be believed, or to keep the verifier busy. */
import { createHash } from "node:crypto";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeCatalog } from "../../replica/catalog.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { catalog } from "./index.ts";

const file = Buffer.from("a file\n");
const member = { algorithm: "sha256" as const, digest: createHash("sha256").update(file).digest() };
const signed = writeCatalog({ members: [member], signer });

const vouch = (list: Buffer, maxHeldBytes?: number) =>
  catalog.verify(
    sourceOf(file),
    verifyContext(
      { trust, now: NOW, format: "data", ...(maxHeldBytes !== undefined && { maxHeldBytes }) },
      { signatures: [{ name: "a.cat", source: sourceOf(list) }] },
    ),
  );

const isBelieved = ({ signatures, findings }: Awaited<ReturnType<typeof vouch>>) =>
  signatures.some(({ integrity, trust: believed }) => integrity === "pass" && believed === "valid-now") &&
  findings.every(({ outcome }) => outcome === "pass");

describe("hostile catalogs", () => {
  it("believes none that is cut short", async () => {
    for (let at = 0; at < signed.length; at += 1)
      expect(isBelieved(await vouch(signed.subarray(0, at)))).toBe(false);
    expect(isBelieved(await vouch(signed))).toBe(true);
  });

  it("believes none whose list has a bit turned over", async () => {
    const start = signed.indexOf(Buffer.from("2b0601040182370c0101", "hex"));
    for (let at = start; at < signed.lastIndexOf(member.digest) + 32; at += 1) {
      const flipped = Buffer.from(signed);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(isBelieved(await vouch(flipped)), `at ${at}`).toBe(false);
    }
  });

  it("does not take another list's signature", async () => {
    const other = writeCatalog({ members: [{ ...member, digest: Buffer.alloc(32, 7) }], signer });
    const at = other.indexOf(Buffer.alloc(32, 7));
    const moved = Buffer.from(other);
    for (let from = at; from >= 0; from = moved.indexOf(Buffer.alloc(32, 7))) member.digest.copy(moved, from);
    expect(isBelieved(await vouch(moved))).toBe(false);
  });

  it("says that it cannot hold one, instead of passing it over", async () => {
    const { signatures, findings } = await vouch(signed, 512);
    expect(signatures).toEqual([]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  it("claims catalogs by their bytes, never by their names", async () => {
    const files = [signed, file, Buffer.alloc(0), Buffer.from([0x30])].map((bytes, index) => ({
      name: `${index}.cat`,
      source: sourceOf(bytes),
    }));
    const claimed = await catalog.claims?.({ label: "", signatures: files, keys: [] });
    expect(claimed?.map(({ name }) => name)).toEqual(["0.cat"]);
  });
});
