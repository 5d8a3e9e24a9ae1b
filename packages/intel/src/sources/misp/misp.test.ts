import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { misp } from "./index.ts";
import { attributeWith, eventOf, sample } from "./sample.fixture.ts";

async function read(text: string | Uint8Array) {
  const skipped: SkippedRow[] = [];
  const skip = (row: SkippedRow) => skipped.push(row);
  const context = () => ({ budget: new Budget(), now: new Date(0), scratchFolder: "", skip });
  const files = [{ name: "event.json", source: new MemorySource(Buffer.from(text as string)) }];
  const facts = [];
  for await (const fact of misp.read(files, context()))
    if (fact.kind === "indicator") facts.push(fact.indicator);
  return { facts, told: skipped.map(({ because }) => because), asOf: await misp.asOf?.(files, context()) };
}
const outcomeOf = async (changed: Record<string, unknown>) => {
  const { facts, told } = await read(eventOf([attributeWith(changed)]));
  return [...facts.map(({ kind, value }) => `${kind} ${value}`), ...told];
};
const MD5 = "12".repeat(16);

describe("misp", () => {
  it("reads an event with its title, links and date", async () => {
    const link = attributeWith({ type: "link", to_ids: false, value: "https://report.example/1" });
    const { facts, told, asOf } = await read(eventOf([attributeWith(), link]));
    expect(facts).toEqual([
      {
        kind: "sha256",
        value: "ab12".repeat(16),
        title: "Example attack: loader",
        references: ["https://report.example/1"],
      },
    ]);
    expect(told).toEqual([]);
    expect(asOf).toBe("2026-01-02T03:04:05.000Z");
  });

  it.each<[Record<string, unknown>, readonly string[]]>([
    [{ type: "filename|md5", value: `a.exe|${MD5}` }, [`md5 ${MD5}`]],
    [{ type: "authentihash", value: "cd".repeat(32) }, [`signed-content ${"cd".repeat(32)}`]],
    [{ type: "hostname", value: "WWW[.]Evil[.]Example" }, ["domain www.evil.example"]],
    [
      { type: "domain|ip", value: "evil.example|203.0.113.4" },
      ["domain evil.example", "ip-address 203.0.113.4"],
    ],
    [{ type: "ip-dst|port", value: "203.0.113.4|443" }, ["ip-address 203.0.113.4"]],
    [{ type: "url", value: "hxxps://evil[.]example/a" }, ["url https://evil.example/a"]],
    [{ type: "x509-fingerprint-sha256", value: "EF".repeat(32) }, [`certificate-sha256 ${"ef".repeat(32)}`]],
    [{ type: "pattern-in-file", value: "AMarkOfTheirs" }, ["text AMarkOfTheirs"]],
  ])("reads %j", async (changed, expected) => {
    expect(await outcomeOf(changed)).toEqual(expected);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ type: "snort", value: "alert tcp" }, /type snort, which is not read/],
    [{ type: "filename|md5", value: "a.exe" }, /two halves/],
    [{ type: "sha256", value: "abc" }, /no sha256 digest/],
    [{ type: "domain", value: "nowhere" }, /no domain name/],
    [{ type: "ip-dst", value: "203.0.113.0/24" }, /no IP address/],
    [{ type: "__proto__", value: "x" }, /not read/],
    [{ value: 7 }, /"value" is no text/],
    [{ type: undefined }, /"type" is missing/],
  ])("tells why %j does not count", async (changed, because) => {
    expect(await outcomeOf(changed)).toEqual([expect.stringMatching(because)]);
  });

  it("counts only what is meant for detection and not deleted", async () => {
    expect(await outcomeOf({ to_ids: false })).toEqual([]);
    expect(await outcomeOf({ to_ids: "1" })).toEqual([]);
    expect(await outcomeOf({ deleted: true })).toEqual([]);
  });

  it("reads attributes of objects, and the serial number of a certificate", async () => {
    const serial = { type: "text", object_relation: "serial-number", value: "008538a6c5018f50fc" };
    const objects = [
      { name: "file", Attribute: [attributeWith({ type: "md5", value: MD5 })] },
      { name: "x509", Attribute: [attributeWith(serial)] },
      { name: "file", deleted: true, Attribute: [attributeWith()] },
    ];
    const { facts } = await read(eventOf([], { Object: objects }));
    expect(facts.map(({ value }) => value)).toEqual([MD5, "8538a6c5018f50fc"]);
  });

  it("reads what an instance answers, a list, and an event alone", async () => {
    const event = JSON.parse(eventOf([attributeWith()]));
    for (const form of [{ response: [event, event] }, [event, event]])
      expect((await read(JSON.stringify(form))).facts).toHaveLength(2);
    expect((await read(JSON.stringify(event.Event))).facts).toHaveLength(1);
  });

  it("knows its files", () => {
    expect(misp.recognises?.("x.json", sample["event.json"] ?? Buffer.alloc(0))).toBe(true);
    expect(misp.recognises?.("x.json", Buffer.from('{"type":"bundle"}'))).toBe(false);
  });
});

describe("hostile events", () => {
  it("ends a file that is cut anywhere with its name", async () => {
    const whole = sample["event.json"] ?? Buffer.alloc(0);
    for (let cut = 0; cut < whole.length - 1; cut += 5)
      await expect(read(whole.subarray(0, cut))).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\.(truncated|malformed)$/),
        message: expect.stringMatching(/^event\.json/),
      });
  });

  it.each(["{}", "null", "7", "[7]", '{"Event":7}', '{"response":{"a":1}}'])("refuses %s", async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: "feed.malformed" });
  });

  it.each(['{"Event":{"info":"x","Attribute":7}}', '{"Event":{"info":"x","Object":[{"Attribute":"x"}]}}'])(
    "tells of lists that are none: %s",
    async (text) => {
      expect(await read(text)).toMatchObject({ facts: [], told: [expect.stringMatching(/no list/)] });
    },
  );

  it("reads attributes that are no objects, enormous numbers and deep nesting", async () => {
    expect((await read(eventOf([null, 7, [], "x"]))).facts).toEqual([]);
    expect((await read(eventOf([], { timestamp: "9".repeat(400) }))).asOf).toBeUndefined();
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const outcome = await read(`{"Event":{"info":"x","extra":${deep}}}`).catch((error) => error.code);
    expect(outcome === "feed.malformed" || outcome.facts.length === 0).toBe(true);
  });
});
