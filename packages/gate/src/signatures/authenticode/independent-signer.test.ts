/** osslsigncode signs, we verify; we sign, osslsigncode verifies. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  corpusFile,
  type DebianProgram,
  debianPackage,
  hasApt,
  NO_APT,
  osslsigncode,
  osslsigncodeSince,
  sourceOf,
  verifyContext,
} from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePatch } from "../../formats/ole/patch.fixture.ts";
import { issueCertificate, issueRoot, KEY_PURPOSE, writePem } from "../../replica/certificate-authority.ts";
import { buildPeImage, imageDigest, signPe } from "../../replica/pe-image.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { authenticode } from "./index.ts";

const run = promisify(execFile);
const YEARS = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2040-01-01T00:00:00Z") };
const root = issueRoot({
  subject: { commonName: "Test root" },
  key: signingKeyNamed("root", "rsa-2048"),
  ...YEARS,
});
const leafFor = (commonName: string, purpose: string) =>
  issueCertificate(
    {
      subject: { commonName },
      key: signingKeyNamed(commonName, "rsa-2048"),
      ...YEARS,
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [purpose],
      extendedKeyUsageCritical: true,
    },
    root,
  );
const signer = leafFor("Test signer", KEY_PURPOSE.codeSigning);
const clock = leafFor("Test clock", KEY_PURPOSE.timestamping);
const rootPem = writePem("CERTIFICATE", root.certificate);
const trust = withAnchorsFromPem(
  { anchors: [], revocationLists: [], hash: "" },
  Buffer.from(rootPem),
  "root.pem",
);
const verify = (bytes: Buffer, format = "pe") =>
  authenticode.verify(
    sourceOf(bytes),
    verifyContext({
      trust,
      now: new Date("2026-11-25T00:00:00Z"),
      format,
    }),
  );

const image = buildPeImage({
  content: Buffer.alloc(9000, "text "),
  version: { ProductName: "Demo" },
  buildGuid: Buffer.alloc(16, 7),
  overlay: Buffer.from("odd overlay"),
});

describe.skipIf(!hasApt())(`an independent signer (${NO_APT} otherwise)`, () => {
  let program: DebianProgram;
  let folder: string;
  const at = (name: string) => join(folder, name);
  const call = (...parameters: string[]) => run(program.path, parameters, { env: program.env });

  beforeAll(async () => {
    const newer = await osslsigncodeSince(6);
    program = typeof newer === "string" ? await osslsigncode() : newer;
    folder = await mkdtemp(join(tmpdir(), "sallyport-signer-"));
    const keyPem = (leaf: typeof signer) => leaf.key.privateKey.export({ type: "pkcs8", format: "pem" });
    await writeFile(at("signer.pem"), writePem("CERTIFICATE", signer.certificate, root.certificate));
    await writeFile(at("signer.key"), keyPem(signer));
    await writeFile(at("clock.pem"), writePem("CERTIFICATE", clock.certificate, root.certificate));
    await writeFile(at("clock.key"), keyPem(clock));
    await writeFile(at("root.pem"), rootPem);
    await writeFile(at("image.exe"), image);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function sign(input: string, output: string, ...options: string[]): Promise<Buffer> {
    await call(
      "sign",
      "-certs",
      at("signer.pem"),
      "-key",
      at("signer.key"),
      ...options,
      "-in",
      at(input),
      "-out",
      at(output),
    );
    return readFile(at(output));
  }

  const CASES: readonly [string, string[]][] = [
    ["sha256", ["-h", "sha256"]],
    ["sha384", ["-h", "sha384"]],
    ["sha512 with a name and a link", ["-h", "sha512", "-n", "Demo", "-i", "https://example.org/"]],
    ["page hashes", ["-h", "sha256", "-ph"]],
    ["commercial, low permissions", ["-h", "sha256", "-comm", "-jp", "low"]],
  ];
  it.each(CASES)("agrees with us: %s", async (name, options) => {
    const signed = await sign("image.exe", `${name.replaceAll(/\W/g, "-")}.exe`, ...options);
    const { signatures, findings } = await verify(signed);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "valid-now", facts: { checksumMatches: true } },
    ]);
    const [signature] = signatures;
    expect(signature?.digest).toBe(imageDigest(image, signature?.digestAlgorithm ?? "").toString("hex"));
    expect(signature?.facts.pageHashes).toBe(options.includes("-ph") ? "sha256" : "none");
  });

  it("agrees about SHA-1 with page hashes and a nested SHA-256 signature", async () => {
    await sign("image.exe", "first.exe", "-h", "sha1", "-ph");
    expect((await verify(await readFile(at("first.exe")))).findings).toMatchObject([
      { check: "weak-digest" },
    ]);
    const { signatures, findings } = await verify(
      await sign("first.exe", "both.exe", "-nest", "-h", "sha256"),
    );
    expect(findings).toEqual([]);
    expect(signatures.map((one) => [one.digestAlgorithm, one.trust])).toEqual([
      ["sha1", "valid-now"],
      ["sha256", "valid-now"],
    ]);
  });

  it("agrees about a timestamp", async ({ skip }) => {
    const [, minor = "0"] = /\d+\.(\d+)/.exec(program.version) ?? [];
    skip(Number(minor) < 6, `${program.version} cannot stamp without a network; 2.6 can`);
    const stamp = ["-TSA-certs", at("clock.pem"), "-TSA-key", at("clock.key"), "-TSA-time", "1750000000"];
    const { signatures, findings } = await verify(
      await sign("image.exe", "stamped.exe", "-h", "sha256", ...stamp),
    );
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        trust: "valid-timestamped",
        timestamp: {
          kind: "rfc3161",
          at: "2025-06-15T15:06:40.000Z",
          verified: true,
          authority: "Test clock",
        },
      },
    ]);
  });

  const INSTALLERS: readonly [string, string, string[]][] = [
    ["osslsigncode/unsigned.msi", "msi", []],
    ["osslsigncode/unsigned.msi", "msi", ["-add-msi-dse"]],
    ["osslsigncode/unsigned.ex_", "cab", []],
    ["jsign/mscab/sample1.cab", "cab", []],
  ];
  it.skipIf(corpusFile("osslsigncode/unsigned.msi") === undefined).each(INSTALLERS)(
    "agrees about %s as %s with %s",
    async (path, format, options) => {
      await writeFile(at("input"), await readFile(corpusFile(path) ?? ""));
      await rm(at("output"), { force: true });
      const signed = await sign("input", "output", "-h", "sha256", ...options);
      const { signatures, findings } = await verify(signed, format);
      expect(findings).toEqual([]);
      expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
    },
  );

  it.each([
    ["-h", "sha256"],
    ["-h", "sha256", "-add-msi-dse"],
  ])("agrees about a patch: %s %s %s", async (...options) => {
    await writeFile(at("input"), writePatch());
    await rm(at("output"), { force: true });
    const signed = await sign("input", "output", ...options.filter((option) => option !== undefined));
    const { signatures, findings } = await verify(signed, "msp");
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
    // A byte of a transform, deep inside.
    const place = signed.indexOf("cmd.exe /c x");
    signed[place] = (signed[place] ?? 0) ^ 1;
    expect((await verify(signed, "msp")).findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });

  it("has its page hashes checked", async () => {
    const signed = await sign("image.exe", "pages.exe", "-h", "sha256", "-ph");
    signed[0x800] = (signed[0x800] ?? 0) ^ 1;
    expect((await verify(signed)).findings).toContainEqual(
      expect.objectContaining({ check: "integrity", outcome: "fail" }),
    );
  });

  it("has its unauthenticated blob noticed", async () => {
    await sign("image.exe", "tagged.exe", "-h", "sha256", "-addUnauthenticatedBlob");
    const { findings } = await verify(await readFile(at("tagged.exe")));
    expect(findings).toMatchObject([
      { check: "certificate-table", facts: { rule: "C6", attribute: "1.3.6.1.4.1.42921.1.2.1" } },
    ]);
  });

  it("accepts what we sign", async () => {
    await writeFile(at("ours.exe"), signPe(image, { signer, certificates: [root.certificate] }));
    const { stdout } = await call("verify", "-CAfile", at("root.pem"), "-in", at("ours.exe"));
    expect(stdout).toContain("Succeeded");
  });

  it.each([
    ["shim, which carries two signatures", "shim-signed", "usr/lib/shim/shimx64.efi.signed", 2],
    [
      "updater of firmware, whose signature names a purpose for its kind",
      "fwupd-amd64-signed",
      "usr/libexec/fwupd/efi/fwupdx64.efi.signed",
      1,
    ],
  ])("is not needed for Debian's %s", async (_, name, file, count) => {
    const image = await readFile(join(await debianPackage(name), file));
    const context = verifyContext({
      trust: defaultTrust(),
      now: new Date("2026-11-25T00:00:00Z"),
      format: "pe",
    });
    const { signatures, findings } = await authenticode.verify(sourceOf(image), context);
    expect(findings.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
    expect(signatures.map(({ integrity }) => integrity)).toEqual(Array(count).fill("pass"));
  });
});
