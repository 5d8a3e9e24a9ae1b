import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { buildCpio, type CpioPart } from "./cpio.fixture.ts";
import { cpio } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const open = (bytes: Buffer, options?: Parameters<typeof walkStream>[2]) => walkStream(cpio, bytes, options);
const newc = (...parts: CpioPart[]) => buildCpio("newc", parts);

it("refuses an archive that is cut short anywhere, its end mark included", async () => {
  const whole = sample();
  for (let cut = 6; cut < whole.length; cut += 1) {
    const { code, findings } = await open(whole.subarray(0, cut));
    expect({ code, findings }, `cut at ${cut}`).toEqual({ code: "artifact.truncated", findings: [] });
  }
});

it("answers flipped bytes with findings or our errors only", async () => {
  for (const kind of ["newc", "crc", "odc", "binary"] as const) {
    const whole = buildCpio(kind, [{ name: "a/b.txt", bytes: "content ".repeat(20) }]);
    for (const flipped of flips(whole, { count: 200, seed: 70707 })) await open(flipped);
  }
});

it("refuses numbers that readers take differently", async () => {
  const lying = (at: number, text: string) => {
    const bytes = Buffer.from(sample());
    bytes.write(text, at, "latin1");
    return open(bytes);
  };
  for (const text of ["      -1", "0x000001", "0000 001", "+0000001"])
    expect((await lying(54, text)).code, text).toBe("artifact.malformed");
});

it("does not believe sizes beyond the end", async () => {
  expect((await open(newc({ bytes: "x", sizeBytes: 0xffffffff }))).code).toBe("artifact.truncated");
  expect((await open(newc({ nameBytes: 0xffffffff }))).code).toBe("artifact.over-limit");
  expect((await open(newc({ nameBytes: 0 }))).code).toBe("artifact.malformed");
  expect((await open(newc({ nameBytes: 3 }))).code).toBe("artifact.malformed");
  const link = { name: "l", mode: 0o120777, sizeBytes: 0x7fffffff };
  expect((await open(newc(link))).code).toBe("artifact.over-limit");
});

const LIES: [string, Buffer, string][] = [
  ["a false checksum", buildCpio("crc", [{ bytes: "abc", checksum: 7 }]), "does not have the checksum"],
  ["bytes behind a name", newc({ name: "a\0hidden", bytes: "x" }), "bytes behind the end of its name"],
  ["bytes in the padding", newc({ name: "ab", bytes: "x", padding: "!" }), "not zero in its padding"],
  ["a name twice", newc({ bytes: "1" }, { bytes: "2" }), "is there twice"],
  ["content in a folder", newc({ name: "f", mode: 0o40755, bytes: "hidden" }), "content that its kind"],
  ["an unknown kind", newc({ mode: 0o150000, bytes: "odd" }), "is of a kind"],
  ["bytes behind the end", Buffer.concat([sample(), Buffer.from("junk")]), "4 bytes after its end"],
  [
    "content of the end mark",
    buildCpio("newc", [{ name: "TRAILER!!!", bytes: "hidden" }], { trailer: false }),
    "content behind its end mark",
  ],
];
it.each(LIES)("reports %s", async (_, bytes, because) => {
  const { findings } = await open(bytes);
  expect(findings[0]).toMatchObject({
    check: "structure",
    outcome: "fail",
    because: expect.stringContaining(because),
  });
});

const ESCAPES: [string, CpioPart[]][] = [
  ["climbs", [{ name: "../x", bytes: "x" }]],
  ["is absolute", [{ name: "/etc/x", bytes: "x" }]],
  ["is a link out of the archive", [{ name: "a/b", mode: 0o120777, bytes: "../../x" }]],
  [
    "lies below a link",
    [
      { name: "a", mode: 0o120777, bytes: "b" },
      { name: "a/x", bytes: "x" },
    ],
  ],
];
it.each(ESCAPES)("reports a name that %s", async (_, parts) => {
  const { findings } = await open(newc(...parts));
  expect(findings.some(({ check, facts }) => check === "member-names" && facts.escapes === true)).toBe(true);
});

it("reports devices and pipes", async () => {
  for (const mode of [0o020600, 0o060600, 0o010600, 0o140600])
    expect((await open(newc({ name: "dev", mode }))).findings).toMatchObject([
      { check: "member-names", outcome: "fail" },
    ]);
});

it("stops at the budget", async () => {
  const parts = Array.from({ length: 50 }, (_, at) => ({ name: `f${at}`, mode: 0o40755 }));
  expect((await open(newc(...parts), { limits: { entries: 20 } })).code).toBe("artifact.over-limit");
  expect((await open(sample(), { limits: { bytes: 100 } })).code).toBe("artifact.over-limit");
  expect((await open(sample(), { maxHeldBytes: 100 })).code).toBe("artifact.over-limit");
});
