import { Budget, MemorySource } from "@sallyport/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sweep } from "../sweep.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { endpoints } from "./index.ts";
import type { AddressesSeen } from "./search.ts";

const look = (bytes: Uint8Array) => sweep(new MemorySource(bytes), new Budget());

describe("addresses in hostile bytes", () => {
  it("takes any bytes", async () => {
    const marks = fc.constantFrom(
      "https://",
      "aHR0cDovL",
      "687474703a2f2f",
      "ptth",
      "//:ptth",
      ".com",
      "1.2.3.4:",
      "\0",
      '"',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(marks, fc.string(), fc.base64String()), { maxLength: 60 }),
        async (parts) => {
          const value = await portraitOf([endpoints], { bytes: Buffer.from(parts.join("")) });
          expect(value.member.sizeBytes).toBeGreaterThanOrEqual(0);
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });

  it.each([
    ["p://"],
    ["https://a.example.com/"],
    ["aHR0cDovL"],
    ["//:ptth"],
    ["a.com"],
    ["203.0.113.7:1"],
    ["1."],
    ["-----BEGIN A-----\nMIaHR0cDovL"],
    ["http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    [" \n// 'https://x.com"],
  ])("is done soon with megabytes of %j", async (text) => {
    const { addresses } = await look(Buffer.alloc(4 * 1024 * 1024, text));
    expect(addresses.addresses.length).toBeLessThan(10);
  });

  it("keeps a bounded number, hidden ones first, and tells that there were more", async () => {
    const many = Array.from(
      { length: 60_000 },
      (_, index) => `"https://h${index}.example-${index}.com/"`,
    ).join(" ");
    const hidden = Buffer.from("https://the-one.invalid/", "latin1").toString("hex");
    const draw = (text: string) => portraitOf([endpoints], { path: "a.js", bytes: Buffer.from(text) });
    const value = (await draw(`${many} "${hidden}"`)).value("endpoints") as AddressesSeen;
    expect(value.addresses).toHaveLength(1_500);
    expect(value.addresses[0]).toMatchObject({ host: "the-one.invalid", writing: "hex" });
    expect(value.rest?.unseen).toBeGreaterThan(0);
    expect(JSON.stringify(value).length).toBeLessThan(300_000);
  });

  it("compares thousands of hosts with thousands of others soon", async () => {
    const hosts = (letter: string) =>
      Array.from(
        { length: 1_400 },
        (_, index) => `"https://${letter.repeat(8)}${index}x${letter.repeat(9)}.invalid/"`,
      ).join(" ");
    const draw = (text: string) => portraitOf([endpoints], { path: "a.js", bytes: Buffer.from(text) });
    const differences = compareMembers(endpoints, await draw(hosts("a")), await draw(hosts("b")));
    expect(differences.length).toBeLessThan(20);
  });

  it("sees what lies on the border between two pieces", async () => {
    for (const place of [8 * 1024 * 1024 - 5, 8 * 1024 * 1024 - 1, 8 * 1024 * 1024]) {
      const bytes = Buffer.alloc(8 * 1024 * 1024 + 4096);
      bytes.write("https://border.invalid/a", place, "latin1");
      const { addresses } = await look(bytes);
      expect(addresses.addresses).toMatchObject([{ host: "border.invalid", path: "/a" }]);
    }
  });
});
