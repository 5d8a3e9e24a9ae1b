import { expect, it } from "vitest";
import { hostileSuite } from "../../long-tail/hostile.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { flatpak } from "./index.ts";
import { sample } from "./sample.fixture.ts";

hostileSuite({ format: flatpak, sample: sample(), isCountedElsewhere: true });

const open = (bytes: Buffer) => walkContainer(flatpak, bytes);

it("hands on no other content than the bundle's without a word", async () => {
  const { members } = await open(sample());
  const honest = new Set(members.map(({ name, bytes }) => `${name}\n${bytes.toString("hex")}`));
  for (const flipped of flips(sample(), { count: 400, seed: 5 })) {
    const found = await open(flipped);
    const isOther = found.members.some(({ name, bytes }) => !honest.has(`${name}\n${bytes.toString("hex")}`));
    const isReported = found.code !== "" || found.findings.length > 0;
    expect(!isOther || isReported).toBe(true);
  }
});

it.each([
  ["the end of the last table", 1],
  ["the end of the metadata", 6],
])("refuses a place outside the bundle: %s", async (_, back) => {
  const bytes = sample();
  bytes.writeUInt16LE(0xffff, bytes.length - 2 * back);
  expect((await open(bytes)).code).toBe("artifact.malformed");
});

it("refuses a key that comes twice", async () => {
  const bytes = sample();
  // Both are as long, and both are texts.
  const at = bytes.indexOf("origin\0");
  if (at >= 0) bytes.write("ref\0", at);
  bytes.write("flatpak\0", bytes.indexOf("metadata\0"));
  expect((await open(bytes)).code).not.toBe("");
});

it("holds no part that is larger than it may", async () => {
  expect((await walkContainer(flatpak, sample(), { maxHeldBytes: 4096 })).code).toBe("artifact.over-limit");
});

it("says who it claims to be", async () => {
  expect((await open(sample())).identity).toEqual({
    product: "org.example.Demo",
    version: "stable",
    architecture: "x64",
  });
});
