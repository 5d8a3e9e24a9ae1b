import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip, field, type Part } from "../../formats/zip/zip.fixture.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { appx } from "./index.ts";
import { blockMapOf, CONTENT, packageParts, paddedPart, signPackage } from "./package.fixture.ts";

const verify = (bytes: Buffer) =>
  appx.verify(sourceOf(bytes), verifyContext({ format: "appx", trust, now: NOW }));

/** The parts with one of them changed. */
const changed = (name: string, change: (part: Part) => Part): Part[] =>
  packageParts().map((part) => (part.name === name ? change(part) : part));

/** Signs the decent parts, and puts the signature into the archive of others. */
async function transplant(parts: readonly Part[], frame = {}): Promise<Buffer> {
  const decent = await signPackage(packageParts(), { signer, member: { method: 0 } });
  const at = decent.indexOf("PKCX");
  const length = decent.readUInt32LE(at - 30 - "AppxSignature.p7x".length + 18);
  return buildZip(
    [...parts, { name: "AppxSignature.p7x", bytes: decent.subarray(at, at + length), method: 0 }],
    frame,
  );
}

describe("a package that was changed after it was signed", () => {
  it("is believed when nothing was changed, so the others fail for their reasons", async () => {
    expect(await verify(await transplant(packageParts()))).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass" }],
    });
  });

  it.each<[string, Part[], object?]>([
    ["content", changed("App%20Demo.exe", (part) => ({ ...part, bytes: Buffer.from("other") }))],
    ["a name", changed("Assets/logo.png", (part) => ({ ...part, name: "Assets/other.png" }))],
    [
      "content types",
      changed("[Content_Types].xml", (part) => ({ ...part, bytes: Buffer.from("<Types/>") })),
    ],
    ["a member more", [{ name: "more.dll", bytes: CONTENT }, ...packageParts()]],
    ["a member less", packageParts().slice(1)],
    ["a catalog more", [...packageParts(), { name: "AppxMetadata/CodeIntegrity.cat", bytes: CONTENT }]],
    [
      "an extra field",
      changed("Assets/logo.png", (part) => ({ ...part, extra: field(7, Buffer.from("x")) })),
    ],
    ["packing", changed("App%20Demo.exe", (part) => ({ ...part, method: 0 }))],
    ["the archive's comment", packageParts(), { comment: Buffer.from("hidden") }],
    ["attributes", changed("Assets/logo.png", (part) => ({ ...part, attributes: 1 }))],
  ])("is not, for %s", async (_what, parts, frame) => {
    const { signatures, findings } = await verify(await transplant(parts, frame));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "fail" }));
  });
});

describe("a package that a signer signed although it lies", () => {
  const payload = packageParts().slice(0, 3);
  const rest = packageParts().slice(4);
  const withMap = (map: string): Part[] => [
    ...payload,
    { name: "AppxBlockMap.xml", bytes: Buffer.from(map) },
    ...rest,
  ];
  const decent = blockMapOf(payload);

  it.each<[string, Part[], RegExp]>([
    ["no map", [...payload, ...rest], /no block map/],
    ["a map without a file", withMap(blockMapOf(payload.slice(1))), /does not list it/],
    ["a file that is not there", withMap(blockMapOf([...payload, { name: "more" }])), /lists more, which/],
    ["a file twice", withMap(blockMapOf([...payload, ...payload.slice(0, 1)])), /lists it twice/],
    ["another size", withMap(decent.replace('Size="140000"', 'Size="1"')), /another size/],
    ["another header", withMap(decent.replace('LfhSize="44"', 'LfhSize="45"')), /another length/],
    ["a block less", withMap(decent.replace(/<Block [^>]*>/, "")), /another number of blocks/],
    ["another digest", withMap(decent.replace(/Hash="./, 'Hash="_')), /another digest for its block 0/],
    ["a digest nobody knows", withMap(decent.replace("xmlenc#sha256", "xmlenc#sha1")), /not known here/],
    ["a size that is none", withMap(decent.replace('Size="140000"', 'Size="-1"')), /a size that is none/],
    ["a map that is none", withMap("<Map/>"), /is not one/],
    ["a map that does not end", withMap(decent.slice(0, -3)), /XML/],
  ])("is not believed with %s", async (_what, parts, because) => {
    const { signatures, findings } = await verify(await signPackage(parts, { signer }));
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "structure" }]);
    expect(findings[0]?.because).toMatch(because);
  });

  it("is not believed without a manifest, or with two", async () => {
    const without = await verify(await signPackage(packageParts().slice(3), { signer }));
    expect(without.findings).toContainEqual(
      expect.objectContaining({ check: "integrity", because: expect.stringMatching(/no manifest/) }),
    );
    const both: Part = { name: "AppxMetadata/AppxBundleManifest.xml", bytes: Buffer.from("<Bundle/>") };
    const two = await verify(await signPackage([...packageParts(), both], { signer }));
    expect(two.findings).toContainEqual(
      expect.objectContaining({ because: expect.stringMatching(/that of a bundle/) }),
    );
  });
});

describe("bytes beside the signature", () => {
  it.each<[string, Partial<Part>]>([
    ["an extra field", { extra: field(9, Buffer.alloc(500)) }],
    ["an extra field in its own header only", { localExtra: field(9, Buffer.alloc(500)) }],
  ])("are found: %s", async (_what, member) => {
    const { findings } = await verify(await signPackage(packageParts(), { signer, member }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });

  it("are found behind its packed data", async () => {
    const bytes = await signPackage(packageParts(), {
      signer,
      member: paddedPart(Buffer.from("PKCX"), 5000),
    });
    expect((await verify(bytes)).findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  it("are found when members follow it", async () => {
    const decent = await signPackage(packageParts(), { signer, member: { method: 0 } });
    const at = decent.indexOf("PKCX");
    const length = decent.readUInt32LE(at - 47 + 18);
    const signature = { name: "AppxSignature.p7x", bytes: decent.subarray(at, at + length), method: 0 };
    const bytes = buildZip([...packageParts(), signature, { name: "more.dll", bytes: CONTENT }]);
    const { signatures, findings } = await verify(bytes);
    expect(signatures).toMatchObject([
      { integrity: "fail", trust: "broken", facts: { reason: expect.stringMatching(/not the last member/) } },
    ]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "fail" }));
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["another mark", Buffer.from("PKCYaaaa")],
    ["no PKCS#7", Buffer.from("PKCXaaaa")],
    ["a PKCS#7 and more", Buffer.from("PKCX\x30\x00more", "latin1")],
  ])("are all there is: %s", async (_what, bytes) => {
    const { findings } = await verify(buildZip([...packageParts(), { name: "AppxSignature.p7x", bytes }]));
    expect(findings[0]).toMatchObject({ check: "integrity" });
    expect(findings.every(({ outcome }) => outcome !== "pass")).toBe(true);
  });
});
