/** A package of Debian that debsigs signs with GnuPG's key, and debsig-verify's word on it. */

import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GpgHome, hasGpg, NO_GPG } from "@sallyport/openpgp/gpg.fixture";
import {
  debianArchive,
  debianPackage,
  debianProgram,
  hasApt,
  NO_APT,
  sourceOf,
  verifyContext,
} from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { debsig } from "./index.ts";

const run = promisify(execFile);
const trust = { anchors: [], revocationLists: [], hash: "" };
const BINUTILS = [
  "libbinutils",
  "binutils-common",
  "libctf0",
  "libctf-nobfd0",
  "libgprofng0",
  "libjansson4",
  "libzstd1",
  "zlib1g",
];

const verify = (bytes: Buffer, ...keys: Buffer[]) =>
  debsig.verify(
    sourceOf(bytes),
    verifyContext(
      { format: "deb", trust },
      { keys: keys.map((key) => ({ name: "key.asc", source: sourceOf(key) })) },
    ),
  );

describe.skipIf(!hasApt() || !hasGpg())(`packages of debsigs (${NO_APT}, or ${NO_GPG}, otherwise)`, () => {
  let folder: string;
  let home: GpgHome;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-debsigs-"));
    home = new GpgHome();
  });
  afterAll(async () => {
    home.close();
    await rm(folder, { recursive: true });
  });

  it("are verified with the signer's key", { timeout: 300_000 }, async () => {
    const userId = "Package Makers <makers@example.org>";
    const fingerprint = home.generate(userId);
    const key = home.export(fingerprint, "--armor");
    const file = join(folder, "signed.deb");
    await copyFile(await debianArchive("hello"), file);
    await sign(file, { fingerprint, home: home.folder });
    const bytes = await readFile(file);
    const { signatures, findings } = await verify(bytes, key);
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "known-key", signer: { subject: userId }, facts: { member: "_gpgorigin" } },
    ]);
    expect((await verify(bytes)).signatures).toMatchObject([{ integrity: "unknown", trust: "unknown-key" }]);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(20_000) ^ 1, 20_000);
    expect((await verify(changed, key)).signatures).toMatchObject([{ integrity: "fail" }]);
    for (const [of, isFine] of [
      [bytes, true],
      [changed, false],
    ] as const)
      expect(await isFineToDebsigVerify(of, { key, fingerprint, folder })).toBe(isFine);
  });
});

/** debsigs is a Perl program that runs gpg and ar. */
async function sign(
  file: string,
  { fingerprint, home }: { fingerprint: string; home: string },
): Promise<void> {
  const debsigs = await debianPackage("debsigs");
  const platform = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const name = process.arch === "arm64" ? "binutils-aarch64-linux-gnu" : "binutils-x86-64-linux-gnu";
  const ar = await debianProgram(name, { file: `usr/bin/${platform}-ar`, needs: BINUTILS });
  const programs = join(home, "programs");
  await mkdir(programs, { recursive: true });
  await writeFile(
    join(programs, "ar"),
    `#!/bin/sh\nLD_LIBRARY_PATH='${ar.env.LD_LIBRARY_PATH}' exec '${ar.path}' "$@"\n`,
    { mode: 0o755 },
  );
  const path = `${programs}:${process.env.PATH}`;
  await run(
    "perl",
    [
      "-I",
      join(debsigs, "usr/share/perl5"),
      join(debsigs, "usr/bin/debsigs"),
      "--sign=origin",
      "--default-key",
      fingerprint,
      file,
    ],
    { env: { ...process.env, GNUPGHOME: home, PATH: path } },
  );
}

/** With a policy and a keyring of its own. */
async function isFineToDebsigVerify(
  bytes: Buffer,
  { key, fingerprint, folder }: { key: Buffer; fingerprint: string; folder: string },
): Promise<boolean> {
  const { path, env } = await debianProgram("debsig-verify", {
    file: "usr/bin/debsig-verify",
    needs: ["libexpat1", "libmd0"],
  });
  const id = fingerprint.slice(-16);
  const root = await mkdtemp(join(folder, "root-"));
  const [policies, keyrings] = [
    join(root, "etc/debsig/policies", id),
    join(root, "usr/share/debsig/keyrings", id),
  ];
  await mkdir(policies, { recursive: true });
  await mkdir(keyrings, { recursive: true });
  await writeFile(join(keyrings, "keyring.asc"), key);
  await run("gpg", ["--dearmor", "-o", join(keyrings, "keyring.gpg"), join(keyrings, "keyring.asc")]);
  await writeFile(
    join(policies, "policy.pol"),
    `<?xml version="1.0"?>
<!DOCTYPE Policy SYSTEM "https://www.debian.org/debsig/1.0/policy.dtd">
<Policy xmlns="https://www.debian.org/debsig/1.0/">
<Origin Name="test" id="${id}" Description="test"/>
<Selection><Required Type="origin" File="keyring.gpg" id="${id}"/></Selection>
<Verification MinOptional="0"><Required Type="origin" File="keyring.gpg" id="${id}"/></Verification>
</Policy>`,
  );
  const file = join(root, "checked.deb");
  await writeFile(file, bytes);
  return run(path, ["--root", root, file], { env }).then(
    () => true,
    () => false,
  );
}
