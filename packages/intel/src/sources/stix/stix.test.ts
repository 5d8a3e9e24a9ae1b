import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { stix } from "./index.ts";
import { bundleOf, indicatorWith, sample } from "./sample.fixture.ts";

async function read(text: string | Uint8Array) {
  const skipped: SkippedRow[] = [];
  const context = {
    budget: new Budget(),
    now: new Date(0),
    scratchFolder: "",
    skip: (row: SkippedRow) => skipped.push(row),
  };
  const files = [{ name: "bundle.json", source: new MemorySource(Buffer.from(text as string)) }];
  const facts = [];
  for await (const fact of stix.read(files, context))
    if (fact.kind === "indicator") facts.push(fact.indicator);
  return { facts, skipped, asOf: await stix.asOf?.(files, context) };
}

const values = async (pattern: string, changed: Readonly<Record<string, unknown>> = {}) => {
  const { facts, skipped } = await read(bundleOf(indicatorWith({ pattern, ...changed })));
  return {
    values: facts.map(({ kind, value }) => `${kind} ${value}`),
    told: skipped.map((row) => row.because),
  };
};
const SHA256 = "ab".repeat(16).concat("cd".repeat(16));
const MD5 = "12".repeat(8).concat("ef".repeat(8));

describe("stix", () => {
  it("reads a bundle with titles, references, ends and its date", async () => {
    const { facts, skipped, asOf } = await read(sample["report.json"] ?? "");
    expect(facts).toEqual([
      {
        kind: "sha256",
        value: "ab12".repeat(16),
        title: "Example loader",
        references: ["https://report.example/loader"],
      },
      expect.objectContaining({
        kind: "domain",
        value: "evil.example",
        validUntil: "2027-02-03T00:00:00.000Z",
      }),
      expect.objectContaining({ kind: "ip-address", value: "203.0.113.7" }),
    ]);
    expect(skipped).toEqual([]);
    expect(asOf).toBe("2026-02-03T04:05:06.000Z");
  });

  it.each<[string, readonly string[]]>([
    [`[file:hashes.MD5 = '${MD5}']`, [`md5 ${MD5}`]],
    [`[file:hashes.'MD5' IN ('${MD5}', '${"34".repeat(16)}')]`, [`md5 ${MD5}`, `md5 ${"34".repeat(16)}`]],
    [`[ file:hashes.'SHA-256'='${SHA256.toUpperCase()}' ]`, [`sha256 ${SHA256}`]],
    [
      `[file:hashes.MD5 = '${MD5}' AND file:hashes.'SHA-256' = '${SHA256}' AND file:name = 'a.exe' AND file:size = 7]`,
      [`md5 ${MD5}`, `sha256 ${SHA256}`],
    ],
    [
      "[domain-name:value = 'a.example'] OR [domain-name:value = 'b.example']",
      ["domain a.example", "domain b.example"],
    ],
    [
      "([url:value = 'http://a.example/x'] OR [ipv6-addr:value = '2001:DB8::0:1'])",
      ["url http://a.example/x", "ip-address 2001:db8::1"],
    ],
    ["[domain-name:value = 'a.example'] WITHIN 60 SECONDS", ["domain a.example"]],
    ["[network-traffic:dst_ref.value = '203.0.113.9']", ["ip-address 203.0.113.9"]],
    [
      "[x509-certificate:serial_number = '00:85:38:a6:c5:01:8f:50:fc' AND x509-certificate:issuer = 'CN=Example']",
      ["certificate-serial 8538a6c5018f50fc"],
    ],
    [`[x509-certificate:hashes.'SHA-256' = '${SHA256}']`, [`certificate-sha256 ${SHA256}`]],
    ["[domain-name:value = 'it\\'s.example'] OR [domain-name:value = 'c.example']", ["domain c.example"]],
  ])("finds what is enough by itself in %s", async (pattern, expected) => {
    expect((await values(pattern)).values).toEqual(expected);
  });

  it.each<[string, RegExp]>([
    ["[domain-name:value = 'a.example' AND file:name = 'b']", /several things/],
    [`[file:hashes.MD5 = '${MD5}'] AND [file:hashes.MD5 = '${"34".repeat(16)}']`, /several things/],
    ["[domain-name:value = 'a.example'] FOLLOWEDBY [file:name = 'b']", /several things/],
    [`[file:hashes.MD5 != '${MD5}']`, /excludes/],
    [`[file:hashes.MD5 NOT = '${MD5}']`, /excludes/],
    [`[process:image_ref.hashes.MD5 = '${MD5}' AND process:command_line = 'x']`, /several things/],
    ["[domain-name:value LIKE '%.example']", /LIKE, which is not read/],
    ["[domain-name:value MATCHES '^a']", /MATCHES/],
    ["[file:name = 'setup.exe']", /file:name, which is not read/],
    ["[file:hashes.'SHA-512' = 'aa']", /SHA-512.*not read/],
    ["[EXISTS file:name]", /EXISTS/],
    ["[domain-name:value = 'a.example'] REPEATS 5 TIMES", /several times/],
    [
      "[domain-name:value = 'a.example'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
      /span of time/,
    ],
    ["[ipv4-addr:value = '203.0.113.0/24']", /no IP address/],
    ["[domain-name:value = 'localhost']", /no domain name/],
    ["[x509-certificate:serial_number = '01']", /too short|may be decimal/],
    ["[domain-name:value = 'a.example'", /lacks a \]/],
    ["", /pattern/],
    ["[", /no object path/],
    ["[domain-name:value = ]", /no value/],
    ["%%%", /cannot be read at/],
    [`${"(".repeat(4000)}`, /nested too deeply/],
    [`[${"(".repeat(4000)}`, /nested too deeply/],
  ])("says why %s does not count", async (pattern, because) => {
    const { values: found, told } = await values(pattern);
    expect(found).toEqual([]);
    expect(told).toEqual([expect.stringMatching(because)]);
  });

  it("counts the part of an OR that it understands, and tells of the other", async () => {
    const { values: found, told } = await values("[domain-name:value = 'a.example' OR file:name = 'b']");
    expect(found).toEqual(["domain a.example"]);
    expect(told).toEqual([expect.stringMatching(/file:name/)]);
  });

  it("counts nothing that was revoked or is benign, and the latest version only", async () => {
    expect(await values("[domain-name:value = 'a.example']", { revoked: true })).toEqual({
      values: [],
      told: [],
    });
    expect(
      (await values("[domain-name:value = 'a.example']", { indicator_types: ["benign"] })).values,
    ).toEqual([]);
    const older = indicatorWith({ pattern: "[domain-name:value = 'old.example']" });
    const newer = indicatorWith({
      pattern: "[domain-name:value = 'new.example']",
      modified: "2026-03-03T00:00:00.000Z",
    });
    const { facts, asOf } = await read(bundleOf(newer, older));
    expect(facts.map(({ value }) => value)).toEqual(["new.example"]);
    expect(asOf).toBe("2026-03-03T00:00:00.000Z");
  });

  it("tells of rules for other engines", async () => {
    const { told } = await values("rule x { condition: true }", { pattern_type: "yara" });
    expect(told).toEqual([expect.stringMatching(/written for yara/)]);
  });

  it("reads indicators of STIX 2.0, and of a TAXII envelope", async () => {
    const { pattern_type: _, spec_version: __, ...old } = indicatorWith({ labels: ["malicious-activity"] });
    expect((await read(JSON.stringify({ more: false, objects: [old] }))).facts).toHaveLength(1);
    expect((await read(JSON.stringify([old]))).facts).toHaveLength(1);
    expect((await read('{"type":"bundle","id":"x"}')).facts).toEqual([]);
  });

  it("knows its files", () => {
    const knows = (text: string) => stix.recognises?.("x.json", Buffer.from(text));
    expect(knows(bundleOf(indicatorWith()))).toBe(true);
    expect(knows('{"Event":{}}')).toBe(false);
  });
});
