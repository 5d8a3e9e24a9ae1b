import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { writeSevenZip } from "../packages/gate/src/formats/7z/seven-zip.fixture.ts";
import { catalogueOf, entryWith } from "../packages/intel/src/sources/kev/sample.fixture.ts";
import { bundle } from "./bundle.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "sallyport-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("installs from its tarball into an empty folder and judges the replica there", async () => {
  const tarball = await bundle(folder);
  const home = join(folder, "installed");
  await run("mkdir", [home]);
  writeFileSync(join(home, "package.json"), JSON.stringify({ private: true }));
  await run("npm", ["install", "--no-audit", "--no-fund", tarball], { cwd: home });
  const program = join(home, "node_modules/.bin/sallyport");
  const env = { ...process.env, SALLYPORT_HOME: join(folder, "home") };
  expect((await run(program, ["--version"], { env })).stdout).toBe("0.1.0\n");
  const replay = await run(program, ["replay", "3cx"], { env });
  expect(replay.stdout).toContain("REFUSE");
  expect(replay.stdout).toContain("hidden-data");
  const archive = join(folder, "a.7z");
  writeFileSync(archive, writeSevenZip([{ name: "inside.txt", content: Buffer.from("harmless") }]));
  expect((await run(program, ["inspect", archive], { env })).stdout).toContain("inside.txt");
  const feed = join(folder, "known_exploited_vulnerabilities.json");
  writeFileSync(feed, catalogueOf([entryWith()]));
  await run(program, ["intel", "import", feed], { env });
  const status = JSON.parse((await run(program, ["intel", "status", "--json"], { env })).stdout);
  const known = status.sources.flatMap((source: { id: string; snapshots: unknown[] }) =>
    source.snapshots.length > 0 ? [source.id] : [],
  );
  expect(known.sort()).toEqual(["incident-indicators", "kev", "opt-in-fixes", "retirements"]);
  const rules = join(folder, "harmless.yar");
  writeFileSync(rules, 'rule Harmless { strings: $a = "harmless" condition: $a }');
  const held = await run(program, ["check", archive, "--rules", rules, "--json"], { env }).catch(
    (error) => error,
  );
  expect(held.stdout).toContain("matches the rule Harmless");
});
