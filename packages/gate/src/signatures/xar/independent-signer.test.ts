/** The table of contents signed by OpenSSL, as the recipes for signing packages without Apple's tools do it. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePem } from "../../replica/certificate-authority.ts";
import { SIGNER, signXar, verify } from "./signing.fixture.ts";

describe.skipIf(!hasApt())(`packages signed by OpenSSL (${NO_APT} otherwise)`, () => {
  let folder: string;
  let openssl: Awaited<ReturnType<typeof debianProgram>>;
  beforeAll(async () => {
    openssl = await debianProgram("openssl", { file: "usr/bin/openssl", needs: ["libssl3"] });
    folder = mkdtempSync(join(tmpdir(), "xar-signer-"));
    writeFileSync(join(folder, "key.pem"), SIGNER.key.privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(join(folder, "signer.pem"), writePem("CERTIFICATE", SIGNER.certificate));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (input: Buffer, ...line: string[]): Buffer => {
    writeFileSync(join(folder, "in"), input);
    execFileSync(openssl.path, line, { cwd: folder, env: openssl.env });
    return readFileSync(join(folder, "out"));
  };

  it.each(["sha1", "sha256"] as const)("are believed over %s", async (style) => {
    const signed = signXar({
      style,
      sign: (kind, { packedTable, digest }) =>
        kind === "rsa"
          ? run(packedTable, "dgst", `-${style}`, "-sign", "key.pem", "-out", "out", "in")
          : run(
              digest,
              ..."cms -sign -binary -md sha256 -outform DER -signer signer.pem -inkey key.pem -in in -out out".split(
                " ",
              ),
            ),
    });
    const { signatures, findings } = await verify(signed.bytes);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "valid-now" },
      { integrity: "pass", trust: "valid-now" },
    ]);
    expect(findings.filter(({ check }) => check !== "weak-digest")).toEqual([]);
  });
});
