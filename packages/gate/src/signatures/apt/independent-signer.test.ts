import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GpgHome, hasGpg, NO_GPG } from "@sallyport/openpgp/gpg.fixture";
import { debianProgram, hasApt, NO_APT, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { verifyPackage } from "./archive.fixture.ts";

/** A folder with one small package in it, built by dpkg-deb. */
function buildPool(folder: string): Buffer {
  const tree = join(folder, "tree");
  mkdirSync(join(tree, "DEBIAN"), { recursive: true });
  mkdirSync(join(folder, "pool"));
  writeFileSync(
    join(tree, "DEBIAN/control"),
    "Package: demo\nVersion: 1.0-1\nArchitecture: all\nMaintainer: Example <e@example.com>\nDescription: a demo\n",
  );
  const file = join(folder, "pool/demo_1.0-1_all.deb");
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", tree, file], { stdio: "ignore" });
  rmSync(tree, { recursive: true });
  return readFileSync(file);
}

describe.skipIf(!hasApt() || !hasGpg())(
  `an archive made by apt-ftparchive and signed by GnuPG (or ${NO_APT}, ${NO_GPG})`,
  () => {
    it("vouches for its package, in both forms of a release", { timeout: 120_000 }, async () => {
      const program = await debianProgram("apt-utils", {
        file: "usr/bin/apt-ftparchive",
        needs: ["libapt-pkg6.0", "libdb5.3"],
      });
      const folder = mkdtempSync(join(tmpdir(), "archive-"));
      const home = new GpgHome();
      try {
        const bytes = buildPool(folder);
        const make = (...args: string[]) =>
          execFileSync(program.path, args, { cwd: folder, env: program.env });
        mkdirSync(join(folder, "dists/demo/main/binary-all"), { recursive: true });
        const packages = make("packages", "pool");
        writeFileSync(join(folder, "dists/demo/main/binary-all/Packages"), packages);
        const release = make("-oAPT::FTPArchive::Release::Codename=demo", "release", "dists/demo");
        const key = home.generate("Archive <archive@example.com>", { algorithm: "rsa3072" });
        const keys = [{ name: "archive.gpg", source: sourceOf(home.export(key)) }];
        const index = { name: "Packages", source: sourceOf(packages) };
        const inRelease = home.sign(release, { by: key, kind: "--clear-sign" });
        const now = new Date(Date.now() + 60_000);
        const clear = { keys, packages: index, release: { name: "InRelease", source: sourceOf(inRelease) } };
        const detached = {
          ...clear,
          release: { name: "Release", source: sourceOf(release) },
          signatures: [
            { name: "Release.gpg", source: sourceOf(home.sign(release, { by: key, more: ["--armor"] })) },
          ],
        };
        for (const brought of [clear, detached]) {
          const good = await verifyPackage(brought, { bytes, now });
          expect(good.findings).toEqual([]);
          expect(good.signatures).toMatchObject([
            { trust: "known-key", facts: { codename: "demo", package: "demo", version: "1.0-1" } },
          ]);
          const changed = Buffer.concat([bytes, Buffer.from("\n")]);
          const bad = await verifyPackage(
            { ...brought, label: "demo_1.0-1_all.deb" },
            { bytes: changed, now },
          );
          expect(bad.findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
          // Under another name it might be any package.
          const other = await verifyPackage({ ...brought, label: "other.deb" }, { bytes: changed, now });
          expect(other.findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
        }
      } finally {
        home.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
