/** `check` of the largest real sample of each format, beside the program that its users trust. @module */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { debianArchive, debianPackage, debianProgram } from "@sallyport/testkit";
import { findSevenZip } from "./archives.ts";
import { demoBytes } from "./inputs.ts";
import type { Command } from "./measure.ts";
import { compare, type Figure, type Stage } from "./stage.ts";

interface Case {
  readonly what: string;
  readonly ours: readonly string[];
  readonly theirs: Command;
  readonly name: string;
}

export async function measureFormats(stage: Stage): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const make of [debCase, rpmCase, sevenZipCase, jarCase, openpgpCase, minisignCase]) {
    const { what, ours, theirs, name } = await make(stage.folder);
    const commands = { ours: stage.sallyport("check", ...ours), theirs, name };
    figures.push(await compare(what, commands, { rounds: stage.rounds, mostTimes: 2 }));
  }
  return figures;
}

/** A library of 100 MB in a package of 23 MB. dpkg-deb only unpacks; we also hash, recognise and read every file. */
async function debCase(): Promise<Case> {
  const file = await debianArchive("libllvm14");
  return {
    what: "`check` of libllvm14.deb",
    ours: [file],
    theirs: shell(`dpkg-deb --fsys-tarfile "$FILE" | sha256sum`, file),
    name: "dpkg-deb --fsys-tarfile + sha256sum",
  };
}

async function rpmCase(folder: string): Promise<Case> {
  const tree = await largeTree();
  const needs = [
    "librpm9",
    "librpmbuild9",
    "librpmio9",
    "librpmsign9",
    "liblua5.3-0",
    "libsqlite3-0",
    "rpm-common",
  ];
  const rpmbuild = await debianProgram("rpm", { file: "usr/bin/rpmbuild", needs });
  const rpmkeys = await debianProgram("rpm", { file: "usr/bin/rpmkeys", needs });
  const spec = join(folder, "sample.spec");
  writeFileSync(
    spec,
    `Name: sample\nVersion: 1\nRelease: 1\nSummary: s\nLicense: none\nBuildArch: noarch\n%define _binary_payload w3.zstdio\n%description\ns\n%install\nmkdir -p %{buildroot}\ncp -r ${tree} %{buildroot}/sample\n%files\n/sample\n`,
  );
  const config = join(rpmbuild.path, "../../lib/rpm");
  const env = { ...rpmbuild.env, RPM_CONFIGDIR: config };
  const topdir = ["--define", `_topdir ${join(folder, "rpm")}`, "--define", `_rpmdir ${folder}`];
  execFileSync(rpmbuild.path, ["-bb", ...topdir, "--define", "__os_install_post %{nil}", "--nodeps", spec], {
    env,
    stdio: "ignore",
  });
  const file = join(folder, "noarch/sample-1-1.noarch.rpm");
  return {
    what: "`check` of an rpm of 100 MB",
    ours: [file],
    theirs: { program: rpmkeys.path, args: ["-K", "--dbpath", join(folder, "rpmdb"), file], env },
    name: "rpmkeys -K",
  };
}

async function sevenZipCase(folder: string): Promise<Case> {
  const path = await findSevenZip();
  const file = join(folder, "sample.7z");
  execFileSync(path, ["a", "-mx=5", file, await largeTree()], { stdio: "ignore" });
  return {
    what: "`check` of a 7z of 100 MB",
    ours: [file],
    theirs: { program: path, args: ["t", file] },
    name: "7-Zip t",
  };
}

async function jarCase(folder: string): Promise<Case> {
  const jdk = "/usr/bin/jarsigner";
  const home = await debianPackage("libicu4j-java");
  const jar = join(folder, "signed.jar");
  const store = join(folder, "keys.p12");
  const password = ["-storepass", "password"];
  execFileSync("keytool", [
    ...["-genkeypair", "-alias", "sample", "-keyalg", "RSA", "-keystore", store, ...password],
    ...["-dname", "CN=Sample", "-ext", "eku=codeSigning"],
  ]);
  execFileSync(
    jdk,
    ["-keystore", store, ...password, "-signedjar", jar, join(home, "usr/share/java/icu4j.jar"), "sample"],
    {
      stdio: "ignore",
    },
  );
  return {
    what: "`check` of icu4j.jar (14 MB), signed",
    ours: [jar],
    theirs: { program: jdk, args: ["-verify", jar], expected: [0, 4] },
    name: "jarsigner -verify",
  };
}

async function openpgpCase(folder: string): Promise<Case> {
  const file = sampleFile(folder);
  const home = join(folder, "gnupg");
  mkdirSync(home, { mode: 0o700 });
  const gpg = (...args: string[]) =>
    execFileSync("gpg", ["--homedir", home, "--batch", "--yes", "--passphrase", "", ...args], {
      stdio: "pipe",
    });
  gpg("--quick-generate-key", "sample@example.com", "ed25519", "sign");
  gpg("--output", `${file}.sig`, "--detach-sign", file);
  const key = join(folder, "key.gpg");
  gpg("--output", key, "--export");
  return {
    what: "`check` of 100 MB with a detached OpenPGP signature",
    ours: [file, "--signature", `${file}.sig`, "--key", key],
    theirs: { program: "gpgv", args: ["--keyring", key, `${file}.sig`, file] },
    name: "gpgv",
  };
}

async function minisignCase(folder: string): Promise<Case> {
  const file = sampleFile(folder);
  const needs = ["libsodium23"];
  const { path, env } = await debianProgram("minisign", { file: "usr/bin/minisign", needs });
  const [secret, key] = [join(folder, "minisign.key"), join(folder, "minisign.pub")];
  execFileSync(path, ["-G", "-W", "-s", secret, "-p", key], { env, stdio: "ignore" });
  execFileSync(path, ["-S", "-s", secret, "-m", file], { env, stdio: "ignore" });
  return {
    what: "`check` of 100 MB with a minisign signature",
    ours: [file, "--signature", `${file}.minisig`, "--key", key],
    theirs: { program: path, args: ["-V", "-p", key, "-m", file], env },
    name: "minisign -V",
  };
}

/** 100 MB of programs and libraries. */
async function largeTree(): Promise<string> {
  return debianPackage("libllvm14");
}

function sampleFile(folder: string): string {
  const file = join(folder, "sample.bin");
  if (!existsSync(file)) writeFileSync(file, demoBytes(100 * 1024 * 1024, 1));
  return file;
}

const shell = (script: string, file: string): Command => ({
  program: "sh",
  args: ["-c", script],
  env: { ...process.env, FILE: file },
});
