/** osslsigncode signs packages, we verify; we sign, osslsigncode verifies. */

import { readFile, rm, writeFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, osslsigncodeSince, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import { openWorkshop } from "../authenticode/osslsigncode.fixture.ts";
import { NOW, root, signer, trust } from "../authenticode/signing.fixture.ts";
import { appx } from "./index.ts";
import { CONTENT, packageParts, signPackage } from "./package.fixture.ts";

const verify = (bytes: Buffer) =>
  appx.verify(sourceOf(bytes), verifyContext({ format: "appx", trust, now: NOW }));

/** It learned about packages in version 2.6. */
const program = await osslsigncodeSince(6);
if (typeof program === "string") console.warn(`skipped: ${program}`);
describe.skipIf(typeof program === "string")("osslsigncode", () => {
  const { at, call, keys } = openWorkshop(program);

  async function sign(input: Buffer, digest: string): Promise<Buffer> {
    await writeFile(at("in.appx"), input);
    await rm(at("out.appx"), { force: true });
    await call("sign", ...keys(), "-h", digest, "-in", at("in.appx"), "-out", at("out.appx"));
    return readFile(at("out.appx"));
  }

  it.each(["sha256", "sha384", "sha512"] as const)(
    "signs a package with %s, and we believe it",
    async (digest) => {
      const signed = await sign(buildZip(packageParts({ digest })), digest);
      expect(await verify(signed)).toMatchObject({
        findings: [],
        signatures: [{ integrity: "pass", trust: "valid-now", digestAlgorithm: digest }],
      });
      const place = signed.indexOf(CONTENT.subarray(0, 10));
      const changed = Buffer.from(signed);
      changed[Math.max(place, 60)] = (changed[Math.max(place, 60)] ?? 0) ^ 1;
      expect((await verify(changed)).signatures).not.toMatchObject([{ integrity: "pass" }]);
    },
  );

  it("believes a package that we sign", async () => {
    await writeFile(
      at("ours.appx"),
      await signPackage(packageParts(), { signer, certificates: [root.certificate] }),
    );
    const { stdout } = await call("verify", "-CAfile", at("root.pem"), "-in", at("ours.appx"));
    expect(stdout).toMatch(/Signature verification: ok/);
  });

  const CORPUS = ["osslsigncode/unsigned.256appx", "osslsigncode/unsigned.512appx"];
  const hasCorpus = corpusFile(CORPUS[0] ?? "") !== undefined;
  if (!hasCorpus) console.warn(`skipped: ${NO_CORPUS}`);
  it.skipIf(!hasCorpus).each(CORPUS)("signs %s, whose signature we believe", async (path) => {
    const input = await readFile(corpusFile(path) ?? "");
    const signed = await sign(input, path.includes("512") ? "sha512" : "sha256");
    const { signatures, findings } = await verify(signed);
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
    // It was made for the key of another signer.
    expect(findings).toMatchObject([{ because: expect.stringMatching(/another publisher/) }]);
  });
});
