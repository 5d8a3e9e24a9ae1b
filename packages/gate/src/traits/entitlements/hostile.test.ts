import { hasCode } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { sequence } from "../../formats/elf/reading.fixture.ts";
import { blob, REQUIREMENTS, signMachO } from "../../signatures/apple-code/signing.fixture.ts";
import { portraitOf } from "../trait.fixture.ts";
import { entitlements } from "./index.ts";

const LIST = '<plist version="1.0"><dict><key>a</key><array><string>b</string><true/></array></dict></plist>';

const SAMPLES: [string, string, Buffer][] = [
  [
    "demo",
    "mach-o",
    signMachO({
      special: new Map([
        [2, REQUIREMENTS],
        [5, blob(0xfade7171, Buffer.from(LIST))],
      ]),
    }).bytes,
  ],
  ["Info.plist", "data", Buffer.from(LIST)],
  [
    "AppxManifest.xml",
    "data",
    Buffer.from('<Package><Capabilities><Capability Name="x"/></Capabilities></Package>'),
  ],
  [
    "AndroidManifest.xml",
    "data",
    Buffer.from(
      "03000800300000000100 1c00280000000100000000000000 00010000 20000000 00000000 00000000 0202414200".replaceAll(
        " ",
        "",
      ),
      "hex",
    ),
  ],
  ["snap.yaml", "data", Buffer.from("name: a\nplugs: {b: {interface: c}}\napps: {d: {plugs: [e]}}\n")],
  ["metadata", "data", Buffer.from("[Application]\nname=a\n[Context]\nshared=network;ipc\n")],
  [
    "manifest.json",
    "data",
    Buffer.from('{"manifest_version":3,"permissions":["a",1],"content_scripts":[{"matches":["b"]},null]}'),
  ],
];

async function survives(path: string, format: string, bytes: Buffer): Promise<void> {
  try {
    await portraitOf([entitlements], { path, format, bytes });
  } catch (error) {
    const isTyped = hasCode(
      error,
      "artifact.malformed",
      "artifact.truncated",
      "artifact.over-limit",
      "artifact.unsupported",
    );
    expect(isTyped, String(error)).toBe(true);
  }
}

describe.each(SAMPLES)("a hostile %s", (path, format, whole) => {
  const step = Math.max(1, Math.floor(whole.length / 300));

  it("is never more than a typed error, however it is cut", async () => {
    for (let length = 0; length < whole.length; length += step)
      await survives(path, format, whole.subarray(0, length));
  });

  it("is never more than a typed error, however it is flipped", async () => {
    const random = sequence(3);
    const front = Math.min(whole.length, 1200);
    const signatureAt = Math.max(0, whole.length - 16_384);
    for (let round = 0; round < 400; round += 1) {
      const copy = Buffer.from(whole);
      copy[random(front)] = random(256);
      copy[signatureAt + random(Math.min(1000, whole.length - signatureAt))] = random(256);
      await survives(path, format, copy);
    }
  });
});

it("keeps a bounded list of a hundred thousand rights", async () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `<key>k${index}</key><true/>`).join("");
  const list = Buffer.from(`<plist version="1.0"><dict>${keys}</dict></plist>`);
  const special = new Map([
    [2, REQUIREMENTS],
    [5, blob(0xfade7171, list.subarray(0, 8000))],
  ]);
  await survives("demo", "mach-o", signMachO({ special }).bytes);
  const permissions = JSON.stringify({
    manifest_version: 3,
    permissions: Array.from({ length: 100_000 }, (_, index) => `p${index}`),
  });
  const portrait = await portraitOf([entitlements], {
    path: "manifest.json",
    bytes: Buffer.from(permissions),
  });
  expect(JSON.stringify(portrait.value("entitlements")).length).toBeLessThan(100_000);
});

it("does not follow aliases of YAML into ever more", async () => {
  const levels = Array.from(
    { length: 20 },
    (_, index) =>
      `l${index + 1}: &l${index + 1} [${Array.from({ length: 9 }, () => `*l${index}`).join(", ")}]`,
  );
  await survives(
    "snap.yaml",
    "data",
    Buffer.from(`name: a\nl0: &l0 [x]\n${levels.join("\n")}\nplugs: *l20\n`),
  );
});
