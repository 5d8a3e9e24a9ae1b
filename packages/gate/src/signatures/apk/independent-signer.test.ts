/** apksigner signs packages, we verify; we sign, apksigner verifies. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianPackage, hasApt, NO_APT, sourceOf, verifyContext } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NOW, signer } from "../authenticode/signing.fixture.ts";
import { apk } from "./index.ts";
import { signedApk, unsignedApk } from "./package.fixture.ts";

const run = promisify(execFile);
const NO_TRUST = { anchors: [], revocationLists: [], hash: "" };

/** The archive of apksigner; Java has to be installed. */
async function findApksigner(): Promise<string | undefined> {
  if (!existsSync("/usr/bin/java") || !existsSync("/usr/bin/keytool") || !hasApt()) return undefined;
  const home = await debianPackage("apksigner", ["libapksig-java"]).catch(() => undefined);
  const file = home && join(home, "usr/share/java/apksigner.jar");
  return file !== undefined && existsSync(file) ? file : undefined;
}

const program = await findApksigner();
if (program === undefined) console.warn(`skipped: no Java, or ${NO_APT}`);
describe.skipIf(program === undefined)("apksigner", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const libraries = () => [program ?? "", (program ?? "").replace("apksigner.jar", "apksig.jar")].join(":");
  const call = (...parameters: string[]) =>
    run("/usr/bin/java", ["-cp", libraries(), "com.android.apksigner.ApkSignerTool", ...parameters]);
  const verify = async (bytes: Buffer) =>
    apk.verify(sourceOf(bytes), verifyContext({ format: "apk", trust: NO_TRUST, now: NOW }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-apk-"));
    const store = ["-keystore", at("keys.p12"), "-storepass", "secret", "-validity", "3650"];
    for (const [alias, ...kind] of [
      ["rsa", "-keyalg", "RSA", "-keysize", "2048"],
      ["big", "-keyalg", "RSA", "-keysize", "4096"],
      ["ec", "-keyalg", "EC", "-groupname", "secp256r1"],
    ] as const)
      await run("/usr/bin/keytool", [
        "-genkeypair",
        "-alias",
        alias,
        ...kind,
        "-dname",
        `CN=${alias}`,
        ...store,
      ]);
    await writeFile(at("in.apk"), unsignedApk());
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ["rsa", ["2"]],
    ["big", ["2", "3"]],
    ["ec", ["2", "3"]],
  ] as const)("signs with %s by schemes %j, and we believe it", async (alias, schemes) => {
    const keys = ["--ks", at("keys.p12"), "--ks-pass", "pass:secret", "--ks-key-alias", alias];
    const wanted = ["1", "2", "3"].flatMap((scheme) => [
      `--v${scheme}-signing-enabled`,
      String(schemes.some((one) => one === scheme)),
    ]);
    await call("sign", ...keys, ...wanted, "--min-sdk-version", "24", "--out", at("out.apk"), at("in.apk"));
    const { signatures, findings } = await verify(await readFile(at("out.apk")));
    expect(findings).toEqual([]);
    expect(signatures.map((one) => [one.integrity, one.trust, one.facts.androidScheme])).toEqual(
      schemes.map((scheme) => ["pass", "self-signed", scheme]),
    );
  });

  it("changes the key, and we believe the proof", async () => {
    const own = (alias: string) => [
      "--ks",
      at("keys.p12"),
      "--ks-pass",
      "pass:secret",
      "--ks-key-alias",
      alias,
    ];
    const lineage = at("lineage");
    await call("rotate", "--out", lineage, "--old-signer", ...own("rsa"), "--new-signer", ...own("ec"));
    const signers = [...own("rsa"), "--next-signer", ...own("ec"), "--lineage", lineage];
    const minimum = ["--min-sdk-version", "24"];
    await call("sign", ...signers, ...minimum, "--out", at("rotated.apk"), at("in.apk"));
    const bytes = await readFile(at("rotated.apk"));
    const { signatures, findings } = await verify(bytes);
    expect(findings).toEqual([]);
    expect(signatures.map((one) => [one.integrity, one.signer?.commonName])).toEqual(
      expect.arrayContaining([
        ["pass", "rsa"],
        ["pass", "ec"],
      ]),
    );
  });

  it("believes what we sign", async () => {
    await writeFile(at("ours.apk"), signedApk({ signer }, { signer, scheme: "3" }));
    const { stdout } = await call("verify", "--verbose", "--min-sdk-version", "24", at("ours.apk"));
    expect(stdout).toMatch(/v2 scheme.*true/);
    expect(stdout).toMatch(/v3 scheme.*true/);
  });
});
