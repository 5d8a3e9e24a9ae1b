/** Packages that rpmsign signs with GnuPG's keys, and the development data's, against what rpmkeys says of them. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GpgHome, hasGpg, NO_GPG } from "@sallyport/openpgp/gpg.fixture";
import { corpusFile, hasApt, NO_APT, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm, rpmProgram } from "../../formats/rpm/rpm-build.fixture.ts";
import { rpmSignature } from "./index.ts";

const run = promisify(execFile);
const trust = { anchors: [], revocationLists: [], hash: "" };
const verify = (bytes: Buffer, ...keys: Buffer[]) =>
  rpmSignature.verify(
    sourceOf(bytes),
    verifyContext(
      { format: "rpm", trust },
      { keys: keys.map((key) => ({ name: "key.asc", source: sourceOf(key) })) },
    ),
  );

describe.skipIf(!hasApt() || !hasGpg())(`packages of rpmsign (${NO_APT}, or ${NO_GPG}, otherwise)`, () => {
  let folder: string;
  let home: GpgHome;
  let unsigned: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-rpmsign-"));
    home = new GpgHome();
    unsigned = await buildRpm(folder, { payload: "w3.zstdio" });
  }, 300_000);
  afterAll(async () => {
    home.close();
    await rm(folder, { recursive: true });
  });

  const sign = async (userId: string, more: readonly string[] = []): Promise<Buffer> => {
    const { path, env } = await rpmProgram("rpmsign");
    const file = join(folder, "signed.rpm");
    await writeFile(file, unsigned);
    const defines = [`_gpg_name ${userId}`, `_gpg_path ${home.folder}`, "__gpg /usr/bin/gpg"];
    await run(path, [...defines.flatMap((define) => ["--define", define]), "--addsign", ...more, file], {
      env: { ...env, GNUPGHOME: home.folder },
    });
    return readFile(file);
  };

  /** `rpmkeys -K` with a database of its own. */
  const isFineToRpm = async (bytes: Buffer, key: Buffer): Promise<boolean> => {
    const { path, env } = await rpmProgram("rpmkeys");
    const database = await mkdtemp(join(folder, "db-"));
    await writeFile(join(folder, "key.asc"), key);
    await writeFile(join(folder, "checked.rpm"), bytes);
    await run(path, ["--dbpath", database, "--import", join(folder, "key.asc")], { env });
    return run(path, ["--dbpath", database, "-K", join(folder, "checked.rpm")], { env }).then(
      () => true,
      () => false,
    );
  };

  const KINDS: [string, string, number][] = [
    ["RSA", "rsa2048", 2],
    ["EdDSA", "ed25519", 2],
  ];
  it.each(KINDS)("are verified when the key is %s", { timeout: 300_000 }, async (name, algorithm) => {
    const userId = `${name} Makers <${algorithm}@example.org>`;
    const key = home.export(home.generate(userId, { algorithm }), "--armor");
    for (const more of [[], ["--rpmv3"]]) {
      const bytes = await sign(userId, more);
      const { signatures, findings } = await verify(bytes, key);
      expect(findings).toEqual([]);
      expect(signatures.map(({ facts }) => facts.over)).toEqual(
        more.length === 0 ? ["header"] : ["header", "header and payload"],
      );
      for (const signature of signatures)
        expect(signature).toMatchObject({
          integrity: "pass",
          trust: "known-key",
          signer: { subject: userId, commonName: `${name} Makers` },
        });
      expect(await isFineToRpm(bytes, key)).toBe(true);
      for (const at of [bytes.length - 100, bytes.length - 2500]) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
        const after = await verify(changed, key);
        expect(after.signatures.every(({ integrity }) => integrity === "fail")).toBe(true);
        expect(await isFineToRpm(changed, key)).toBe(false);
      }
    }
  });
});

describe("the development data", () => {
  const file = corpusFile("relic/packages/rocky-basesystem-11-13.el9.noarch.rpm");
  const key = corpusFile("relic/public-keys/rocky9.pgp");
  it.skipIf(file === undefined || key === undefined)(
    `verifies with its vendor's key and is unknown without (${NO_CORPUS} otherwise)`,
    async () => {
      const bytes = await readFile(file ?? "");
      const known = await verify(bytes, await readFile(key ?? ""));
      expect(known.findings).toEqual([]);
      expect(known.signatures).toMatchObject([
        { integrity: "pass", trust: "known-key", facts: { tag: 268 } },
      ]);
      const stranger = await verify(bytes);
      expect(stranger.signatures).toMatchObject([{ integrity: "unknown", trust: "unknown-key" }]);
    },
  );
});
