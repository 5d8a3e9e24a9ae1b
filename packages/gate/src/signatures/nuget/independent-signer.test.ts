/** OpenSSL signs a package's digest, which is that of the file as it was before: neither comes from our code. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  corpusFile,
  debianProgram,
  hasApt,
  NO_APT,
  NO_CORPUS,
  sourceOf,
  verifyContext,
} from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import { writePem } from "../../replica/certificate-authority.ts";
import { writeZip } from "../../replica/zip-archive.ts";
import { NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { nuget } from "./index.ts";
import { PARTS, withSignature } from "./package.fixture.ts";

const run = promisify(execFile);

async function findOpenSsl() {
  const installed = "/usr/bin/openssl";
  if (existsSync(installed)) return { path: installed, env: process.env };
  return hasApt() ? debianProgram("openssl", { file: "usr/bin/openssl", needs: ["libssl3"] }) : undefined;
}

const openssl = await findOpenSsl();
if (openssl === undefined) console.warn(`skipped: no openssl, and ${NO_APT}`);
const corpus = corpusFile("jsign/nuget/minimal.1.0.0.nupkg");
if (corpus === undefined) console.warn(`skipped: ${NO_CORPUS}`);

describe.skipIf(openssl === undefined)("openssl cms", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-nuget-"));
    await writeFile(at("signer.pem"), writePem("CERTIFICATE", signer.certificate));
    await writeFile(at("signer.key"), signer.key.privateKey.export({ type: "pkcs8", format: "pem" }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function sign(unsigned: Buffer): Promise<Buffer> {
    const digest = createHash("sha256").update(unsigned).digest("base64");
    await writeFile(at("content"), `Version:1\r\n\r\n2.16.840.1.101.3.4.2.1-Hash:${digest}\r\n\r\n`);
    const keys = ["-signer", at("signer.pem"), "-inkey", at("signer.key"), "-md", "sha256"];
    const form = [
      "-cades",
      "-binary",
      "-nodetach",
      "-outform",
      "DER",
      "-in",
      at("content"),
      "-out",
      at("p7s"),
    ];
    await run(openssl?.path ?? "", ["cms", "-sign", ...keys, ...form], { env: openssl?.env });
    return readFile(at("p7s"));
  }

  const verify = (bytes: Buffer) =>
    nuget.verify(sourceOf(bytes), verifyContext({ format: "nupkg", trust, now: NOW }));

  it("signs a package, and we believe it", async () => {
    const signed = withSignature(await sign(buildZip(PARTS)));
    expect(await verify(signed)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now", facts: { kind: "unknown" } }],
    });
    const other = withSignature(await sign(writeZip([{ name: "a", bytes: Buffer.from("a") }])));
    expect((await verify(other)).signatures).toMatchObject([{ integrity: "fail" }]);
  });

  it.skipIf(corpus === undefined)("signs a package that NuGet made, and we believe it", async () => {
    const unsigned = await readFile(corpus ?? "");
    const signature = await sign(unsigned);
    const signed = await insert(unsigned, signature);
    expect(await verify(signed)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
  });
});

/** Puts a signature into a whole package, as NuGet does: last among the members and in the directory. */
async function insert(unsigned: Buffer, signature: Buffer): Promise<Buffer> {
  const end = unsigned.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const directoryAt = unsigned.readUInt32LE(end + 16);
  const alone = withSignature(signature, { parts: [] });
  const aloneEnd = alone.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const aloneDirectory = alone.readUInt32LE(aloneEnd + 16);
  const record = Buffer.from(alone.subarray(aloneDirectory, aloneEnd));
  record.writeUInt32LE(directoryAt, 42);
  const tail = Buffer.from(unsigned.subarray(end));
  for (const field of [8, 10]) tail.writeUInt16LE(tail.readUInt16LE(field) + 1, field);
  tail.writeUInt32LE(tail.readUInt32LE(12) + record.length, 12);
  tail.writeUInt32LE(directoryAt + aloneDirectory, 16);
  return Buffer.concat([
    unsigned.subarray(0, directoryAt),
    alone.subarray(0, aloneDirectory),
    unsigned.subarray(directoryAt, end),
    record,
    tail,
  ]);
}
