/** Catalogs judged themselves, and what they say of files. */
import { createHash } from "node:crypto";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeCabinet } from "../../replica/cabinet.ts";
import { type CatalogRequest, writeCatalog } from "../../replica/catalog.ts";
import { imageDigest, signPe } from "../../replica/pe-image.ts";
import { expired, image, NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { catalog } from "./index.ts";

const file = Buffer.from("a file\n");
const hashOf = (algorithm: "md5" | "sha1" | "sha256" | "sha512", bytes: Uint8Array = file) => ({
  algorithm,
  digest: createHash(algorithm).update(bytes).digest(),
});
const listed = (change: Partial<CatalogRequest> = {}) =>
  writeCatalog({ members: [hashOf("sha256")], signer, ...change });

const judge = (bytes: Buffer) =>
  catalog.verify(sourceOf(bytes), verifyContext({ trust, now: NOW, format: "catalog" }));
const vouch = (bytes: Buffer, lists: readonly Buffer[], format = "data") =>
  catalog.verify(
    sourceOf(bytes),
    verifyContext(
      { trust, now: NOW, format },
      { signatures: lists.map((list, index) => ({ name: `${index}.cat`, source: sourceOf(list) })) },
    ),
  );
const outcomes = ({ findings }: Awaited<ReturnType<typeof judge>>) =>
  findings.map(({ check, outcome }) => `${check} ${outcome}`);

describe("a catalog, judged itself", () => {
  it("tells who signed it, and that nothing hides in it", async () => {
    const { signatures, findings } = await judge(listed());
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        scheme: "catalog",
        integrity: "pass",
        trust: "valid-now",
        digestAlgorithm: "sha256",
        facts: { members: 1 },
      },
    ]);
  });

  it("takes a list of many thousand files for a list, not for hidden bytes", async () => {
    const members = Array.from({ length: 9000 }, (_, index) => hashOf("sha256", Buffer.from(`${index}`)));
    const { signatures, findings } = await judge(listed({ members }));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([{ integrity: "pass", facts: { members: 9000 } }]);
    const { findings: stranger } = await judge(listed({ members, signer: expired }));
    expect(stranger).toEqual([]);
  });

  it("finds nothing in one that is not signed", async () => {
    expect(await judge(writeCatalog({ members: [] }))).toEqual({ signatures: [], findings: [] });
  });

  it("fails one whose list was changed, and finds bytes behind it", async () => {
    const changed = listed();
    const at = changed.indexOf(hashOf("sha256").digest);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(outcomes(await judge(changed))).toEqual(["integrity fail"]);
    const longer = Buffer.concat([listed(), Buffer.alloc(100, 1)]);
    expect(outcomes(await judge(longer))).toEqual(["certificate-table fail"]);
  });

  it("calls SHA-1 weak", async () => {
    expect(outcomes(await judge(listed({ digest: "sha1" })))).toEqual(["weak-digest fail"]);
  });
});

describe("a catalog that was brought along", () => {
  it("vouches for exactly the file it lists", async () => {
    const { signatures, findings } = await vouch(file, [listed()]);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "valid-now",
        digestAlgorithm: "sha256",
        digest: hashOf("sha256").digest.toString("hex"),
        facts: { catalog: "0.cat", listedBy: "sha256", listedOver: "bytes" },
      },
    ]);
    const other = await vouch(Buffer.from("another\n"), [listed()]);
    expect(outcomes(other)).toEqual(["integrity fail"]);
    expect(other.signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
  });

  it("vouches for nothing when it is empty or not signed", async () => {
    expect(outcomes(await vouch(file, [listed({ members: [] })]))).toEqual(["integrity fail"]);
    const unsigned = await vouch(file, [writeCatalog({ members: [hashOf("sha256")] })]);
    expect(unsigned).toMatchObject({
      signatures: [],
      findings: [{ check: "integrity", outcome: "unknown" }],
    });
  });

  it("reads names of both versions, and made-up ones", async () => {
    for (const members of [
      [{ ...hashOf("sha1"), isBare: true }, hashOf("sha256")],
      [{ ...hashOf("sha256"), isBare: true }],
      [{ ...hashOf("sha256"), subject: Buffer.from("any name\0", "utf16le") }],
      [hashOf("sha512")],
    ])
      expect(outcomes(await vouch(file, [listed({ members })]))).toEqual([]);
    const old = listed({ version: 1, members: [hashOf("sha1")] });
    expect(outcomes(await vouch(file, [old]))).toEqual(["weak-digest fail"]);
  });

  it("does not believe a name whose digest says otherwise", async () => {
    const members = [{ ...hashOf("sha256", Buffer.from("other")), subject: hashOf("sha256").digest }];
    expect(outcomes(await vouch(file, [listed({ members })]))).toEqual(["integrity fail"]);
    expect(outcomes(await vouch(Buffer.from("other"), [listed({ members })]))).toEqual(["integrity fail"]);
    const weak = listed({ members: [hashOf("md5")] });
    expect(outcomes(await vouch(file, [weak]))).toEqual(["integrity fail"]);
  });

  it("finds programs by what Authenticode covers, signed or not", async () => {
    const members = [{ algorithm: "sha256" as const, digest: imageDigest(image, "sha256") }];
    for (const bytes of [image, signPe(image, { signer })]) {
      const { signatures, findings } = await vouch(bytes, [listed({ members })], "pe");
      expect(findings).toEqual([]);
      expect(signatures).toMatchObject([{ integrity: "pass", facts: { listedOver: "image" } }]);
    }
    expect(outcomes(await vouch(image, [listed({ members })], "data"))).toEqual(["integrity fail"]);
  });

  it("finds cabinets by what makecat lists", async () => {
    const cabinet = writeCabinet({ files: [{ name: "a", content: file }] });
    const withoutReserved = Buffer.concat([cabinet.subarray(0, 4), cabinet.subarray(8)]);
    const list = listed({ members: [hashOf("sha256", withoutReserved)] });
    expect((await vouch(cabinet, [list], "cab")).signatures).toMatchObject([
      { integrity: "pass", facts: { listedOver: "cabinet" } },
    ]);
  });

  it("reports every catalog, the good and the bad", async () => {
    const { signatures } = await vouch(file, [
      listed(),
      listed({ members: [] }),
      listed({ signer: expired }),
    ]);
    expect(
      signatures.map(({ position, integrity, trust: believed }) => [position, integrity, believed]),
    ).toEqual([
      [0, "pass", "valid-now"],
      [1, "fail", "broken"],
      [2, "pass", "expired"],
    ]);
  });

  it("speaks for a catalog too, which is then judged itself as well", async () => {
    const inner = listed();
    const outer = listed({ members: [hashOf("sha256", inner)] });
    const { signatures, findings } = await vouch(inner, [outer], "catalog");
    expect(findings).toEqual([]);
    expect(signatures.map(({ facts }) => facts.catalog ?? "itself")).toEqual(["itself", "0.cat"]);
  });
});
