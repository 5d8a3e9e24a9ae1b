import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { GpgHome, hasGpg, NO_GPG } from "@sallyport/openpgp/gpg.fixture";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { contextWith, filesOf } from "../../witnesses/read.fixture.ts";
import { csaf } from "./index.ts";
import { advisory, documentOf, metadata, viewerTree } from "./sample.fixture.ts";

const HOME = "software.example/.well-known/csaf/provider-metadata.json";
const DOCUMENT = "software.example/csaf/2024/es-1.json";
const OTHER = "software.example/csaf/2024/es-2.json";
const text = JSON.stringify(advisory);
const other = JSON.stringify(
  documentOf(viewerTree, [{ ...advisory.vulnerabilities[0], cve: "CVE-2024-0002" }]),
);
const hashed = (kind: string, of = text) => `${createHash(kind).update(of).digest("hex")}  es-1.json\n`;

type Files = Readonly<Record<string, string | Uint8Array>>;

async function read(files: Files, trustedKeys: readonly string[] = []) {
  const skipped: SkippedRow[] = [];
  const told: string[] = [];
  const context = {
    ...contextWith((row) => skipped.push(row)),
    trustedKeys,
    tell: (sentence: string) => void told.push(sentence),
  };
  // With a second document beside it, so that something always counts.
  const all = filesOf({ [DOCUMENT]: text, [OTHER]: other, ...files });
  const facts = await Array.fromAsync(csaf.read(all, context));
  const vulnerabilities = facts.flatMap((fact) => (fact.kind === "vulnerability" ? [fact.id] : []));
  return { vulnerabilities, skipped, told };
}

describe("csaf hashes", () => {
  it.each(["sha512", "sha256"])(
    "lets a document count that its %s fits, however it is written",
    async (kind) => {
      for (const written of [
        hashed(kind),
        hashed(kind).toUpperCase(),
        hashed(kind).trim().split(" ")[0] ?? "",
      ])
        expect(await read({ [`${DOCUMENT}.${kind}`]: written })).toMatchObject({
          skipped: [],
          vulnerabilities: ["CVE-2024-0001", "CVE-2024-0002"],
        });
    },
  );

  it("drops a document that is not what was hashed, with its name, and reads the others", async () => {
    for (const kind of ["sha512", "sha256"])
      expect(await read({ [`${DOCUMENT}.${kind}`]: hashed(kind, other) })).toMatchObject({
        vulnerabilities: ["CVE-2024-0002"],
        skipped: [{ file: DOCUMENT, because: expect.stringMatching(/is not what its provider hashed/) }],
      });
  });

  it("passes over a file without a hash in it, and says so", async () => {
    for (const written of ["", "<html>", "ab".repeat(40), `${"ab".repeat(64)}ff`]) {
      const { vulnerabilities, told } = await read({ [`${DOCUMENT}.sha512`]: written });
      expect(vulnerabilities).toEqual(["CVE-2024-0001", "CVE-2024-0002"]);
      expect(told).toContainEqual(
        expect.stringMatching(/1 document is beside a hash file that holds no hash/),
      );
    }
  });

  it("reads the other documents when a proof unpacks without end or is cut short", async () => {
    const packed = gzipSync(Buffer.alloc(2_000_000));
    const cut = packed.subarray(0, 100);
    for (const kind of ["sha512", "asc"])
      for (const bytes of [packed, cut])
        expect(await read({ [`${DOCUMENT}.${kind}`]: bytes })).toMatchObject({
          vulnerabilities: ["CVE-2024-0002"],
          skipped: [{ file: DOCUMENT, because: expect.stringMatching(/cannot be read/) }],
        });
    for (const bytes of [packed, cut]) {
      const { skipped, vulnerabilities } = await read({ "software.example/key.asc#openpgp-key=": bytes });
      expect(skipped).toMatchObject([{ because: expect.stringMatching(/no key that can be read/) }]);
      expect(vulnerabilities).toHaveLength(2);
    }
  });

  it("refuses everything when nothing is left, and says once what has no signature", async () => {
    const wrong = {
      [`${DOCUMENT}.sha256`]: hashed("sha256", "x"),
      [`${OTHER}.sha256`]: hashed("sha256", "x"),
    };
    await expect(read(wrong)).rejects.toThrow(/no advisory that counts/);
    expect((await read({})).told).toEqual([expect.stringMatching(/^2 documents are without a signature/)]);
  });

  it("takes no date that is still to come from what does not count", async () => {
    const tracking = { id: "ES-1", status: "final", current_release_date: "2036-12-31T00:00:00Z" };
    const forged = JSON.stringify(documentOf(viewerTree, advisory.vulnerabilities, { tracking }));
    const asOf = (hash: string) =>
      csaf.asOf?.(
        filesOf({ [DOCUMENT]: forged, [OTHER]: other, [`${DOCUMENT}.sha256`]: hash }),
        contextWith(),
      );
    expect(await asOf(hashed("sha256", forged))).toMatch(/^2036-12-31/);
    expect(await asOf(hashed("sha256", text))).toMatch(/^2024-05-06/);
  });
});

describe.skipIf(!hasGpg())(`csaf signatures by GnuPG (or ${NO_GPG})`, () => {
  const MADE = "20240601T000000";
  let home: GpgHome;
  let maker: string;
  let stranger: string;
  let short: string;
  beforeAll(() => {
    home = new GpgHome();
    maker = home.generate("Example PSIRT <psirt@software.example>", { time: "20240101T000000" });
    stranger = home.generate("Stranger <stranger@example.com>", { time: "20240101T000000" });
    short = home.generate("Short <short@software.example>", { time: "20240101T000000", expires: "30d" });
  });
  afterAll(() => home.close());

  const sign = (by: string, document = text, more: readonly string[] = [], time = MADE) =>
    home.sign(Buffer.from(document), { by, more: ["--armor", ...more], time });
  const named = (key: string, fingerprint = key) => ({
    [`software.example/key.asc#openpgp-key=${fingerprint.toLowerCase()}`]: home.export(key, "--armor"),
  });
  const armoured = (key: string) => home.export(key, "--armor").toString();
  const beside = (signature: Uint8Array) => ({ [`${DOCUMENT}.asc`]: signature });

  it("says who signed, and whether only the provider names the key", async () => {
    const owner = `${maker.toLowerCase()} \\(Example PSIRT <psirt@software.example>\\)`;
    const files = { ...beside(sign(maker)), ...named(maker) };
    const byProvider = await read(files);
    expect(byProvider).toMatchObject({ skipped: [], vulnerabilities: ["CVE-2024-0001", "CVE-2024-0002"] });
    expect(byProvider.told).toEqual([
      expect.stringMatching(
        new RegExp(`^1 document is signed by the key ${owner}, which only the provider itself names`),
      ),
      expect.stringMatching(/^1 document is without a signature/),
    ]);
    for (const more of [files, beside(sign(maker))])
      expect((await read(more, [armoured(maker)])).told[0]).toMatch(
        new RegExp(`^1 document is signed by the key ${owner}, which was entered here$`),
      );
  });

  it.each([
    ["is of another document", () => sign(maker, other), /has a signature that does not count/],
    ["cannot be read", () => Buffer.from("<html>"), /has a signature that cannot be read/],
    ["is empty", () => Buffer.alloc(0), /signature/],
    ["is by a key that the provider does not name", () => sign(stranger), /which its provider does not name/],
  ] as const)("drops a document whose signature %s", async (_, make, because) => {
    expect(await read({ ...beside(make()), ...named(maker) })).toMatchObject({
      vulnerabilities: ["CVE-2024-0002"],
      skipped: [{ file: DOCUMENT, because: expect.stringMatching(because) }],
    });
  });

  it("drops what a key signed after its end, and keeps what it signed before", async () => {
    const early = sign(short, text, [], "20240115T000000");
    expect(await read({ ...beside(early), ...named(short) })).toMatchObject({
      skipped: [],
      told: [expect.stringMatching(/signed by the key/), expect.anything()],
    });
    // GnuPG itself refuses: the key is made to end afterwards.
    const unending = home.generate("Ending <ending@software.example>", { time: "20240101T000000" });
    const late = sign(unending);
    home.run(["--quick-set-expire", unending, "30d"], { time: "20240102T000000" });
    expect(await read({ ...beside(late), ...named(unending) })).toMatchObject({
      vulnerabilities: ["CVE-2024-0002"],
      skipped: [{ file: DOCUMENT, because: expect.stringMatching(/does not count/) }],
    });
  });

  it("counts a document whose signature was stripped as far as the way it came, and says so", async () => {
    expect(await read(named(maker))).toMatchObject({
      skipped: [],
      vulnerabilities: ["CVE-2024-0001", "CVE-2024-0002"],
      told: [expect.stringMatching(/^2 documents are without a signature/)],
    });
  });

  it("takes no key that has another fingerprint than the provider says", async () => {
    const { skipped, told } = await read({ ...beside(sign(maker)), ...named(maker, stranger) });
    expect(skipped).toMatchObject([{ because: expect.stringMatching(/no key with the fingerprint/) }]);
    expect(told[0]).toMatch(/cannot be checked.*nobody names the key/);
    const broken = { [`software.example/key.asc#openpgp-key=${maker.toLowerCase()}`]: "<html>" };
    expect((await read({ ...beside(sign(maker)), ...broken })).skipped).toMatchObject([
      { because: expect.stringMatching(/no key that can be read/) },
    ]);
  });

  it("makes nothing of a signature that rests on SHA-1", async () => {
    const { told } = await read({
      ...beside(sign(maker, text, ["--digest-algo", "SHA1"])),
      ...named(maker),
    });
    expect(told[0]).toMatch(/cannot be checked.*it rests on SHA1/);
  });

  it("hears of a revocation from the provider, also of a key that was entered here before it", async () => {
    const revoked = home.generate("Revoked <revoked@software.example>", { time: "20240101T000000" });
    const before = armoured(revoked);
    const signature = sign(revoked);
    const revocation = home.run(["--no-batch", "--command-fd", "0", "--gen-revoke", revoked], {
      input: "y\n1\n\ny\n",
      time: "20240501T000000",
    });
    home.run(["--import"], { input: revocation, time: "20240502T000000" });
    expect(await read({ ...beside(signature), ...named(revoked) }, [before])).toMatchObject({
      vulnerabilities: ["CVE-2024-0002"],
      skipped: [{ file: DOCUMENT, because: expect.stringMatching(/revoked/) }],
    });
  });
});

describe("csaf, on the way to proofs", () => {
  const key = { fingerprint: "AB".repeat(20), url: "https://software.example/key.asc" };
  const feedName = "software.example/csaf/feed-white.json";
  const url = (name: string) => `https://${name}`;
  const follow = async (files: Readonly<Record<string, unknown>>) => {
    const texts = Object.entries(files).map(([name, content]) => [name, JSON.stringify(content)]);
    return (await csaf.follow?.(filesOf(Object.fromEntries(texts)), contextWith())) ?? [];
  };
  const entry = (link: readonly object[]) => ({
    updated: "2024-05-06T00:00:00Z",
    content: { src: url(DOCUMENT) },
    link,
  });
  const feed = (link: readonly object[] = []) => ({ [feedName]: { feed: { entry: [entry(link)] } } });
  const provider = { [HOME]: { ...metadata, public_openpgp_keys: [key] } };

  it("fetches the keys that the provider names, over https only", async () => {
    const downloads = await follow({
      [HOME]: {
        ...metadata,
        public_openpgp_keys: [key, { url: "http://software.example/other.asc" }, { fingerprint: "x" }, 7],
      },
    });
    expect(downloads.map(({ name }) => name)).toEqual([
      feedName,
      `software.example/key.asc#openpgp-key=${"ab".repeat(20)}`,
    ]);
  });

  it("fetches what a feed links, and must find it", async () => {
    const links = [
      { rel: "self", href: url(DOCUMENT) },
      { rel: "hash", href: url(`${DOCUMENT}.sha256`) },
      { rel: "hash", href: "https://software.example/hashes/1.sha512" },
      { rel: "signature", href: "https://software.example/signatures/1.asc" },
    ];
    const downloads = await follow({ ...provider, ...feed(links) });
    expect(downloads.slice(2).map(({ name, url, mayBeAbsent }) => [name, url, mayBeAbsent])).toEqual([
      [DOCUMENT, url(DOCUMENT), undefined],
      [`${DOCUMENT}.asc`, "https://software.example/signatures/1.asc", undefined],
      [`${DOCUMENT}.sha512`, "https://software.example/hashes/1.sha512", undefined],
    ]);
  });

  it("looks under the standard's names beside documents of a provider that proves them, and of no other", async () => {
    const names = (downloads: readonly { name: string; mayBeAbsent?: boolean }[]) =>
      downloads.flatMap(({ name, mayBeAbsent }) => (mayBeAbsent === true ? [name] : []));
    expect(names(await follow({ [HOME]: metadata, ...feed() }))).toEqual([]);
    const first = await follow({ ...provider, ...feed() });
    expect(names(first)).toEqual([`${DOCUMENT}.asc`, `${DOCUMENT}.sha512`]);
    const trusted = { [HOME]: { ...metadata, role: "csaf_trusted_provider" } };
    expect(names(await follow({ ...trusted, ...feed() }))).toHaveLength(2);
    // The document is there, and no SHA-512 beside it.
    const second = await follow({ ...provider, ...feed(), [DOCUMENT]: advisory });
    expect(names(second)).toContain(`${DOCUMENT}.sha256`);
    const found = { ...provider, ...feed(), [DOCUMENT]: advisory, [`${DOCUMENT}.sha512`]: "" };
    expect(names(await follow(found))).not.toContain(`${DOCUMENT}.sha256`);
  });
});
