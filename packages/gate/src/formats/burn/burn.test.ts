import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage, withCertificateTable, writeCabinet, writeMsi, writeZip } from "../../replica/index.ts";
import { type BundleRequest, buildBundle } from "./bundle.fixture.ts";

const application = { "logo.png": Buffer.from("a picture"), "mbahost.dll": buildPeImage({ magic: "pe32" }) };
const payloads = {
  "product.msi": writeMsi({
    product: "Demo",
    company: "Example",
    version: "1.0.0",
    folder: "Demo",
    files: [{ name: "inside.txt", content: Buffer.from("text") }],
  }),
  "redist\\x64\\setup.exe": buildPeImage({ content: Buffer.from("a prerequisite") }),
};
const request: BundleRequest = { application, payloads };
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const certificate = Buffer.concat([
  Buffer.from("1000000000020200", "hex"),
  Buffer.from("3006020101020102", "hex"),
]);

describe("WiX bundles", () => {
  it.each([
    ["unsigned", buildBundle(request)],
    ["of version 4", buildBundle({ ...request, isModern: true })],
    ["with the engine's signature inside", buildBundle({ ...request, signature: certificate })],
    [
      "signed as a whole",
      withCertificateTable(buildBundle({ ...request, signature: certificate }), [
        { pkcs7: Buffer.from("3000", "hex") },
      ]),
    ],
  ])("are opened by their manifest: %s", async (_, bundle) => {
    const { members, bad } = await walk(bundle);
    expect(bad).toEqual([]);
    expect(members.get("overlay")).toMatchObject({
      format: "burn",
      identity: { product: "Demo Bundle", company: "Example", version: "1.2.3.0" },
    });
    expect(Object.fromEntries([...members].map(([path, member]) => [path, member.sha256]))).toMatchObject({
      "overlay/application/logo.png": sha256(application["logo.png"]),
      "overlay/application/mbahost.dll": sha256(application["mbahost.dll"]),
      "overlay/product.msi": sha256(payloads["product.msi"]),
      "overlay/redist/x64/setup.exe": sha256(payloads["redist\\x64\\setup.exe"]),
    });
    expect([...members.keys()]).toEqual(
      expect.arrayContaining([
        "overlay/application/manifest.xml",
        expect.stringMatching(/^overlay\/product.msi\/.*inside.txt$/),
      ]),
    );
  });

  it("fail when a payload is not the one their manifest describes", async () => {
    const { bad } = await walk(buildBundle({ ...request, hash: "00".repeat(20) }));
    expect(bad.filter((text) => text.includes("is not the file"))).toHaveLength(4);
  });

  it("hand on what stands in no container", async () => {
    const zip = writeZip([{ name: "inside.txt", bytes: Buffer.from("x") }]);
    const known = await walk(Buffer.concat([buildBundle(request), zip]));
    expect([...known.members.keys()]).toContainEqual(
      expect.stringMatching(/^overlay\/unclaimed-\d+\/inside.txt$/),
    );
    const unknown = await walk(Buffer.concat([buildBundle(request), Buffer.from("somebody's bytes")]));
    expect(unknown.bad).toEqual([expect.stringMatching(/^opened unknown overlay\/unclaimed/)]);
  });
});

it("takes a cabinet whose first file is called 0 for what it is", async () => {
  const plain = writeCabinet({
    files: [
      { name: "0", content: Buffer.from("<note/>") },
      { name: "b", content: Buffer.from("b") },
    ],
  });
  const { members, bad } = await walk(plain);
  expect(bad).toEqual([]);
  expect([...members.keys()].sort()).toEqual(["", "0", "b"]);
  const text = writeCabinet({ files: [{ name: "0", content: Buffer.from("only text") }] });
  expect((await walk(text)).bad).toEqual([]);
});
