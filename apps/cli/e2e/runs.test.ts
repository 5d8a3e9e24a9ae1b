/** What a run leaves, how two get along, and what limits and terminals change. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeZip } from "@sallyport/gate/replica";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf } from "./sallyport-process.ts";

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, "../src/main.ts");

let place: Place;
const scratch = () => readdir(join(place.home, "scratch")).catch(() => []);
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("file"), "hello");
  await writeFile(place.at("large"), "");
  await truncate(place.at("large"), 400 * 1024 * 1024);
  const bytes = Buffer.alloc(100_000, "text");
  await writeFile(place.at("many.zip"), writeZip(["a", "b", "c"].map((name) => ({ name, bytes }))));
});
afterAll(() => place.remove());

describe("a run", () => {
  it.each(["check", "inspect"])(
    "of %s that is killed leaves nothing that the next does not remove",
    async (command) => {
      const killed = await place.sallyportWith(
        {
          onStart: async (pid) => {
            while ((await scratch()).length === 0) await new Promise((done) => setTimeout(done, 5));
            process.kill(pid, "SIGKILL");
          },
        },
        command,
        place.at("large"),
      );
      expect(killed.code).toBeNull();
      await place.sallyport(command, place.at("file"));
      expect(await scratch()).toEqual([]);
    },
  );

  it("gets along with others on the same home: each decision has its own place in the log", async () => {
    const before = documentOf(await place.sallyport("check", place.at("file"), "--json"));
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() => place.sallyport("check", place.at("file"), "--json")),
    );
    const indexOf = (document: unknown) =>
      Number((document as { receipt: { log: { index: string } } }).receipt.log.index);
    const indexes = runs.map((one) => indexOf(documentOf(one))).sort((a, b) => a - b);
    expect(indexes).toEqual([1, 2, 3, 4].map((step) => indexOf(before) + step));
  });

  it("keeps its home to its owner", async () => {
    expect((await stat(place.home)).mode & 0o077).toBe(0);
    for (const name of ["sallyport.db", "ledger/signing-key.pem", "ledger/log.db"])
      expect((await stat(join(place.home, name))).mode & 0o077).toBe(0);
  });
});

describe("a limit", () => {
  it.each([
    ["--max-entries", "2"],
    ["--max-bytes", "150K"],
  ])("%s that is reached holds, and naming a larger one lifts it", async (flag, value) => {
    const held = documentOf(await place.sallyport("check", place.at("many.zip"), flag, value, "--json"));
    expect(policiesOf(held)).toContain("unopened");
    const lifted = documentOf(await place.sallyport("check", place.at("many.zip"), flag, "900000", "--json"));
    expect(policiesOf(lifted)).toEqual(["unsigned"]);
  });

  it("of memory ends the parser process, which is evidence", async () => {
    // Long enough to be looked at: how much memory it takes is a sample, every 25 ms.
    const bytes = Buffer.alloc(200 * 1024 * 1024);
    await writeFile(place.at("long.zip"), writeZip([{ name: "long", bytes }]));
    const run = await place.sallyport("check", place.at("long.zip"), "--max-memory", "8M", "--json");
    expect(run.code).toBe(10);
    expect(policiesOf(documentOf(run))).toContain("unopened");
    expect(JSON.stringify(documentOf(run).evidence)).toContain("8 MiB of memory");
  });
});

const SCRIPT = "/usr/bin/script";
describe.skipIf(!existsSync(SCRIPT))("on a terminal (needs script(1) of util-linux)", () => {
  const onTerminal = async (env: Record<string, string>, ...args: string[]) => {
    const command = [process.execPath, MAIN, ...args].map((part) => `'${part}'`).join(" ");
    const log = place.at("typescript");
    await run(SCRIPT, ["-qec", command, log], {
      env: { PATH: process.env.PATH, TERM: "xterm", SALLYPORT_HOME: place.home, ...env },
    }).catch(() => undefined);
    return readFile(log, "utf8");
  };

  const ESCAPE = "\x1b";

  it("colours the verdict, unless NO_COLOR is set", async () => {
    const coloured = await onTerminal({}, "check", place.at("file"));
    expect(coloured).toContain(`${ESCAPE}[33m`);
    const plain = await onTerminal({ NO_COLOR: "1" }, "check", place.at("file"));
    expect(plain).not.toContain(`${ESCAPE}[3`);
    expect(plain).toContain("HOLD  file");
  });

  it("shows on one line that it is at work, and leaves nothing of it", async () => {
    const shown = await onTerminal({ NO_COLOR: "1" }, "check", place.at("large"));
    expect(shown).toMatch(/large (· \d+ s|\d+% · .*\/s · \d+ s left)/);
    expect(shown).toContain(`\r${ESCAPE}[2KHOLD  large`);
  });
});
