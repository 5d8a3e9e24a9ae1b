import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { verifyFile, verifyGzip } from "./signing.fixture.ts";

const DOCUMENT = Buffer.from("a harmless line of text\n".repeat(5000));

describe.skipIf(!hasApt())(`signatures of others (or ${NO_APT})`, () => {
  it("minisign's, of both kinds", { timeout: 120_000 }, async () => {
    const { path, env } = await debianProgram("minisign", {
      file: "usr/bin/minisign",
      needs: ["libsodium23"],
    });
    await inFolder(async (folder) => {
      const run = (...args: string[]) => execFileSync(path, args, { cwd: folder, env, stdio: "pipe" });
      run("-G", "-W", "-p", "a.pub", "-s", "a.key");
      const key = readFileSync(join(folder, "a.pub"));
      for (const kind of [[], ["-l"]]) {
        run("-S", ...kind, "-s", "a.key", "-m", "file", "-t", "version 1 of it");
        const signature = readFileSync(join(folder, "file.minisig"));
        const good = await verifyFile(DOCUMENT, signature, key);
        expect(good.findings).toEqual([]);
        expect(good.signatures).toMatchObject([
          { trust: "known-key", facts: { trustedComment: "version 1 of it" } },
        ]);
        // The number is the one that minisign shows in the key's comment, without zeros in front.
        const keyId = String(good.signatures[0]?.facts.keyId).replace(/^0+/, "");
        expect(key.toString().toLowerCase()).toContain(` ${keyId}\n`);
        expect((await verifyFile(DOCUMENT.subarray(1), signature, key)).findings).toMatchObject([
          { outcome: "fail" },
        ]);
      }
    });
  });

  it("signify's: beside the file, in a gzip header, in front of a list", { timeout: 120_000 }, async () => {
    const { path, env } = await debianProgram("signify-openbsd", { file: "", needs: ["libbsd0", "libmd0"] });
    const program = ["usr/bin", "bin"].map((at) => join(path, at, "signify-openbsd")).find(existsSync) ?? "";
    await inFolder(async (folder) => {
      const run = (...args: string[]) => execFileSync(program, args, { cwd: folder, env, stdio: "pipe" });
      run("-G", "-n", "-c", "a key", "-p", "a.pub", "-s", "a.sec");
      const key = readFileSync(join(folder, "a.pub"));
      run("-S", "-s", "a.sec", "-m", "file", "-x", "file.sig");
      const detached = readFileSync(join(folder, "file.sig"));
      expect(await verifyFile(DOCUMENT, detached, key)).toMatchObject({
        findings: [],
        signatures: [{ trust: "known-key", signer: { subject: "a key public key" } }],
      });
      execFileSync("gzip", ["-nk", "file"], { cwd: folder });
      run("-S", "-z", "-s", "a.sec", "-m", "file.gz", "-x", "signed.gz");
      const carried = readFileSync(join(folder, "signed.gz"));
      expect(await verifyGzip(carried, key)).toMatchObject({
        findings: [],
        signatures: [{ trust: "known-key" }],
      });
      writeFileSync(join(folder, "SHA256"), execFileSync("sha256sum", ["--tag", "file"], { cwd: folder }));
      run("-S", "-e", "-s", "a.sec", "-m", "SHA256", "-x", "SHA256.sig");
      const list = readFileSync(join(folder, "SHA256.sig"));
      expect(await verifyFile(DOCUMENT, list, key)).toMatchObject({
        findings: [],
        signatures: [{ trust: "known-key", facts: { listedAs: "file" } }],
      });
      expect((await verifyFile(DOCUMENT.subarray(1), list, key)).findings).toMatchObject([
        { outcome: "fail" },
      ]);
    });
  });
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "minisign-"));
  try {
    writeFileSync(join(folder, "file"), DOCUMENT);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
