/** jarsigner signs JARs, we verify; we sign, jarsigner verifies. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianPackage, hasApt, NO_APT, sourceOf, verifyContext } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { signer } from "../authenticode/signing.fixture.ts";
import { jar } from "./index.ts";
import { PARTS, signedJar } from "./jar.fixture.ts";

const run = promisify(execFile);
const NO_TRUST = { anchors: [], revocationLists: [], hash: "" };

/** Unpacked beside its settings, Java may start and then not find them: only making a key shows it. */
async function runs(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, "jarsigner"))) return false;
  const place = await mkdtemp(join(tmpdir(), "sallyport-java-"));
  const store = ["-keystore", join(place, "keys.p12"), "-storepass", "secret"];
  const kind = ["-alias", "a", "-dname", "CN=a", "-keyalg", "EC", "-groupname", "secp256r1"];
  try {
    await run(join(folder, "keytool"), ["-genkeypair", ...kind, ...store]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** The folder of Java's programs: installed, or unpacked from Debian's packages. */
async function findJava(): Promise<string | undefined> {
  if (await runs("/usr/bin")) return "/usr/bin";
  if (!hasApt()) return undefined;
  for (const version of ["17", "21", "25"]) {
    const home = await debianPackage(`openjdk-${version}-jdk-headless`, [
      `openjdk-${version}-jre-headless`,
    ]).catch(() => undefined);
    if (home === undefined) continue;
    for (const machine of ["amd64", "arm64"]) {
      const folder = join(home, `usr/lib/jvm/java-${version}-openjdk-${machine}/bin`);
      if (await runs(folder)) return folder;
    }
  }
  return undefined;
}

const java = await findJava();
if (java === undefined) console.warn(`skipped: no jarsigner that runs, and ${NO_APT} or no package of one`);
describe.skipIf(java === undefined)("jarsigner", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const call = (program: string, ...parameters: string[]) => run(join(java ?? "", program), parameters);
  const store = () => ["-keystore", at("keys.p12"), "-storepass", "secret"];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-jar-"));
    for (const [alias, ...kind] of [
      ["rsa", "-keyalg", "RSA", "-keysize", "3072"],
      ["ec", "-keyalg", "EC", "-groupname", "secp256r1"],
      ["dsa", "-keyalg", "DSA", "-keysize", "2048"],
      ["ed", "-keyalg", "Ed25519"],
    ] as const)
      await call(
        "keytool",
        ...["-genkeypair", "-alias", alias, ...kind, "-dname", `CN=${alias}`, "-validity", "3650"],
        ...["-ext", "eku=codeSigning", ...store()],
      );
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function sign(bytes: Buffer, alias: string, ...options: string[]): Promise<Buffer> {
    await writeFile(at("in.jar"), bytes);
    await call("jarsigner", ...store(), ...options, "-signedjar", at("out.jar"), at("in.jar"), alias);
    return readFile(at("out.jar"));
  }
  const plain = buildZip([
    { name: "META-INF/MANIFEST.MF", bytes: Buffer.from("Manifest-Version: 1.0\n\n") },
    ...PARTS,
  ]);

  async function verify(bytes: Buffer, alias = "rsa") {
    const { stdout } = await call("keytool", "-exportcert", "-rfc", "-alias", alias, ...store());
    const trust = withAnchorsFromPem(NO_TRUST, Buffer.from(stdout), "keys");
    return jar.verify(sourceOf(bytes), verifyContext({ format: "jar", trust }));
  }

  it.each([
    ["rsa", []],
    ["rsa", ["-digestalg", "SHA-512", "-sigalg", "SHA512withRSA"]],
    ["rsa", ["-sigalg", "RSASSA-PSS"]],
    ["rsa", ["-sectionsonly"]],
    ["ec", ["-digestalg", "SHA-384"]],
    ["ed", []],
  ] as const)("signs with %s %j, and we believe it", async (alias, options) => {
    const signed = await sign(plain, alias, ...options);
    expect(await verify(signed, alias)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
  });

  it("signs with DSA, which nobody should trust today, and we do not say what we cannot know", async () => {
    const signed = await sign(plain, "dsa", "-sigalg", "SHA256withDSA");
    const context = verifyContext({ format: "jar", trust: NO_TRUST });
    expect(await jar.verify(sourceOf(signed), context)).toMatchObject({
      signatures: [{ integrity: "unknown" }],
    });
  });

  it("signs after another signer, and we believe both", async () => {
    const twice = await sign(await sign(plain, "rsa"), "ec");
    expect(await verify(twice)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass" }, { integrity: "pass" }],
    });
  });

  it("believes what we sign, and not what we call changed", async () => {
    await writeFile(at("ours.jar"), signedJar({ signing: { signer } }));
    expect((await call("jarsigner", "-verify", at("ours.jar"))).stdout).toMatch(/jar verified/);
    const broken = signedJar({
      signing: { signer },
      changeLate: (text) => text.replace("a test", "another"),
    });
    await writeFile(at("broken.jar"), broken);
    await expect(call("jarsigner", "-verify", at("broken.jar"))).rejects.toThrow();
  });
});
