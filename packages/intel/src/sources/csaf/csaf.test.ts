import { describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { csaf } from "./index.ts";
import { advisory, documentOf, metadata, sample, viewerTree } from "./sample.fixture.ts";

const read = (document: unknown) => readAll(csaf, { "es-1.json": JSON.stringify(document) });
const follow = async (files: Readonly<Record<string, unknown>>) => {
  const skipped: SkippedRow[] = [];
  const texts = Object.entries(files).map(([name, content]) => [
    name,
    typeof content === "string" ? content : JSON.stringify(content),
  ]);
  const context = contextWith((row) => skipped.push(row));
  return { downloads: (await csaf.follow?.(filesOf(Object.fromEntries(texts)), context)) ?? [], skipped };
};
const about = { vendor: "Example Software", product: "Example Viewer", identifiers: [], scheme: "generic" };
const said = { author: "Example Software", url: "https://software.example/csaf/2024/es-1.json" };

describe("csaf", () => {
  it("reads what is affected, since when it is mended, and who says so", async () => {
    const old = { ...about, versions: { ranges: [{ fixed: "7.2.1" }], exact: [] } };
    expect(await readAll(csaf, sample)).toEqual({
      skipped: [],
      facts: [
        {
          kind: "statement",
          vulnerability: "CVE-2024-0001",
          about: { ...about, versions: { ranges: [], exact: ["7.2.1"] } },
          statement: { status: "fixed", ...said },
        },
        {
          kind: "statement",
          vulnerability: "CVE-2024-0001",
          about: old,
          statement: { status: "affected", ...said },
        },
        {
          kind: "vulnerability",
          id: "CVE-2024-0001",
          aliases: [],
          about: old,
          summary: "Buffer overflow",
          vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
          url: said.url,
          fixedIn: ["7.2.1"],
        },
      ],
    });
  });

  it("says why something is not affected, from a flag or from a threat about it", async () => {
    const statuses = { product_status: { known_not_affected: ["V-NEW"] } };
    const flags = [{ label: "component_not_present", product_ids: ["V-NEW"] }];
    const threats = [
      { category: "impact", details: "Another product.", product_ids: ["V-OLD"] },
      { category: "impact", details: "The code is not there.", product_ids: ["V-NEW"] },
    ];
    const { facts } = await read(
      documentOf(viewerTree, [
        { cve: "CVE-2024-0001", ...statuses, flags },
        { cve: "CVE-2024-0002", ...statuses, threats },
      ]),
    );
    expect(facts).toMatchObject([
      { statement: { status: "not-affected", justification: "component_not_present" } },
      { statement: { status: "not-affected", justification: "The code is not there." } },
    ]);
  });

  it("says of a coordinator that it is none of the makers", async () => {
    const publisher = { category: "coordinator", name: "Example CERT", namespace: "https://cert.example" };
    const { facts } = await read(documentOf(viewerTree, advisory.vulnerabilities, { publisher }));
    expect(facts[0]).toMatchObject({ statement: { author: "Example CERT (coordinator)" } });
  });

  it("does not take another's document that a provider hands on for that other's word", async () => {
    const authorsUnder = async (name: string) => {
      const provider = JSON.stringify({ ...metadata, publisher: { ...metadata.publisher, name } });
      const files = { ...sample, "hub.example/.well-known/csaf/provider-metadata.json": provider };
      const { facts } = await readAll(csaf, files);
      return new Set(facts.flatMap((fact) => (fact.kind === "statement" ? [fact.statement.author] : [])));
    };
    expect(await authorsUnder("Example PSIRT")).toEqual(new Set(["Example Software"]));
    expect(await authorsUnder("Some Hub")).toEqual(new Set(["Example Software (as Some Hub hands it on)"]));
  });

  it("names packages of a distribution by package URL and by the release that they are part of", async () => {
    const cpe = "cpe:/o:redhat:enterprise_linux:9::baseos";
    const purl = "pkg:rpm/redhat/openssl@3.0.7-1.el9?arch=x86_64&epoch=1";
    const product = (product_id: string, product_identification_helper: object) => ({
      name: product_id,
      product_id,
      product_identification_helper,
    });
    const tree = {
      full_product_names: [product("os", { cpe }), product("openssl", { purl })],
      relationships: [
        {
          category: "default_component_of",
          full_product_name: { name: "openssl of os", product_id: "os:openssl" },
          product_reference: "openssl",
          relates_to_product_reference: "os",
        },
      ],
    };
    const { facts } = await read(
      documentOf(tree, [{ cve: "CVE-2024-0001", product_status: { fixed: ["os:openssl"] } }]),
    );
    expect(facts).toMatchObject([
      {
        about: {
          identifiers: [{ kind: "purl", value: "pkg:rpm/redhat/openssl?distro=rhel-9" }],
          scheme: "rpm",
          versions: { exact: ["1:3.0.7-1.el9"] },
        },
      },
    ]);
  });

  it("makes nothing of one product installed on another, and tells of what cannot be compared", async () => {
    const tree = {
      full_product_names: [
        { name: "Something", product_id: "a" },
        {
          name: "Other",
          product_id: "b",
          product_identification_helper: { cpe: "cpe:2.3:a:example:b:1:*:*:*:*:*:*:*" },
        },
      ],
      relationships: [
        {
          category: "installed_on",
          full_product_name: { name: "b on a", product_id: "b:a" },
          product_reference: "b",
          relates_to_product_reference: "a",
        },
      ],
    };
    const { facts, skipped } = await read(
      documentOf(tree, [{ cve: "CVE-2024-0001", product_status: { known_affected: ["b:a", "a"] } }]),
    );
    expect(facts).toEqual([]);
    expect(skipped).toMatchObject([{ row: "product_tree.a" }]);
  });

  it("takes a range that is not understood for no version, and never for all", async () => {
    const cpe = "cpe:2.3:a:example:viewer:*:*:*:*:*:*:*:*";
    const product = { name: "old", product_id: "old", product_identification_helper: { cpe } };
    const tree = {
      branches: [{ category: "product_version_range", name: "those before the summer", product }],
    };
    const { facts } = await read(
      documentOf(tree, [{ cve: "CVE-2024-0001", product_status: { known_affected: ["old"] } }]),
    );
    expect(facts[0]).toMatchObject({ about: { versions: { ranges: [], exact: [] } } });
  });

  it("passes over drafts, and refuses versions of CSAF that are not known", async () => {
    const tracking = { id: "ES-1", status: "draft" };
    expect((await read(documentOf(viewerTree, advisory.vulnerabilities, { tracking }))).facts).toEqual([]);
    await expect(read(documentOf(viewerTree, [], { csaf_version: "3.0" }))).rejects.toThrow(/"csaf_version"/);
  });

  it("refuses files without an advisory", async () => {
    await expect(read(metadata)).rejects.toThrow(/no advisory/);
  });

  it("refuses a tree that is nested without end", async () => {
    let branch: object = { category: "vendor", name: "v" };
    for (let depth = 0; depth < 100; depth += 1)
      branch = { category: "product_family", name: "f", branches: [branch] };
    await expect(read(documentOf({ branches: [branch] }, []))).rejects.toThrow(/nested more than/);
  });

  it("goes from the provider to its feed, and from there to every document", async () => {
    const home = "software.example/.well-known/csaf/provider-metadata.json";
    const feedUrl = "https://software.example/csaf/feed-white.json";
    const first = await follow({ [home]: metadata });
    expect(first.downloads).toMatchObject([{ name: "software.example/csaf/feed-white.json", url: feedUrl }]);
    const entry = (name: string, updated: string) => ({
      updated,
      content: { type: "application/json", src: `https://software.example/csaf/2024/${name}.json` },
    });
    const feed = {
      feed: { entry: [entry("old", "2024-01-01T00:00:00Z"), entry("new", "2024-05-06T00:00:00Z")] },
    };
    const second = await follow({ [home]: metadata, "software.example/csaf/feed-white.json": feed });
    expect(second.downloads.map(({ url }) => url)).toEqual([
      feedUrl,
      "https://software.example/csaf/2024/new.json",
      "https://software.example/csaf/2024/old.json",
    ]);
  });

  it("goes through a folder's changes.csv, and stays below the folder", async () => {
    const distributions = [{ directory_url: "https://software.example/advisories/" }];
    const home = "software.example/.well-known/csaf/provider-metadata.json";
    const first = await follow({ [home]: { ...metadata, distributions } });
    expect(first.downloads).toMatchObject([{ url: "https://software.example/advisories/changes.csv" }]);
    const changes =
      '"2024/a.json","2024-05-06T00:00:00Z"\n"../../x.json","2024-05-06T00:00:00Z"\nhttps://b.example/c.json,x\n';
    const { downloads, skipped } = await follow({ "software.example/advisories/changes.csv": changes });
    expect(downloads).toMatchObject([{ url: "https://software.example/advisories/2024/a.json" }]);
    expect(skipped).toMatchObject([{ line: 2 }, { line: 3 }]);
  });

  it("fetches the newest of very many, and says so", async () => {
    const entry = Array.from({ length: 6000 }, (_, index) => ({
      updated: new Date(Date.UTC(2024, 0, 1) + index * 3_600_000).toISOString(),
      content: { src: `https://software.example/csaf/2024/${index}.json` },
    }));
    const { downloads, skipped } = await follow({ "software.example/csaf/feed.json": { feed: { entry } } });
    expect(downloads).toHaveLength(5000);
    expect(downloads[0]?.url).toMatch(/5999\.json$/);
    expect(skipped).toMatchObject([{ because: expect.stringMatching(/only the newest 5000/) }]);
  });

  it("goes through lists that are longer than one call takes arguments", async () => {
    const changes = Array.from(
      { length: 250_000 },
      (_, index) => `"2024/${index}.json","2024-05-06T00:00:00Z"`,
    );
    const { downloads } = await follow({ "software.example/advisories/changes.csv": changes.join("\n") });
    expect(downloads).toHaveLength(5000);
    expect(downloads[0]).toMatchObject({ url: "https://software.example/advisories/2024/0.json" });
  });

  it("fetches no feed that is not for everybody, and nothing over plain http", async () => {
    const home = "software.example/.well-known/csaf/provider-metadata.json";
    const feeds = (tlp_label: string, url: string) => ({
      [home]: { ...metadata, distributions: [{ rolie: { feeds: [{ tlp_label, url }] } }] },
    });
    await expect(follow(feeds("AMBER", "https://software.example/a.json"))).rejects.toThrow(
      /everybody may read/,
    );
    await expect(follow(feeds("WHITE", "http://software.example/a.json"))).rejects.toThrow(/not https/);
  });

  it("is named by a domain or by the address of its metadata", () => {
    const url = "https://software.example/.well-known/csaf/provider-metadata.json";
    expect(csaf.choice?.downloads("software.example")).toMatchObject([{ url }]);
    expect(csaf.choice?.downloads(url)).toMatchObject([{ url }]);
    expect(() => csaf.choice?.downloads("http://software.example/provider-metadata.json")).toThrow(
      /named by its domain/,
    );
  });

  it("is as old as its newest document", async () => {
    expect(await csaf.asOf?.(filesOf(sample), contextWith())).toBe("2024-05-06T07:08:09.000Z");
  });
});
