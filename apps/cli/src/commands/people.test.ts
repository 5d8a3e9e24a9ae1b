/** A person's word counts from the moment the log holds it, and not before. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "../program.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "people-"));
  await writeFile(join(folder, "tool"), "tool, unsigned");
});
afterEach(() => rm(folder, { recursive: true }));

const PERSON = ["--owner", "Head of IT", "--reason", "known build"];
const EXCEPTION = [...PERSON, "--until", "2099-01-31"];

async function sallyport(...args: string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const add = (more: string) => {
    text += more;
  };
  const terminal = {
    out: add,
    error: add,
    isInteractive: false,
    hasColour: false,
    columns: 80,
    program: "sallyport",
  };
  const code = await run(args, { ...terminal, home: join(folder, "home") });
  return { code, text };
}

/** From now on nothing can be recorded, as on a full disk. */
function breakTheLog(): void {
  const log = new DatabaseSync(join(folder, "home", "ledger", "log.db"));
  log.exec("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'full'); END");
  log.close();
}

it("puts no exception in force that the log does not hold", async () => {
  await sallyport("check", join(folder, "tool"));
  breakTheLog();
  expect((await sallyport("admit", join(folder, "tool"), ...EXCEPTION)).code).toBe(1);
  expect((await sallyport("admit", "--list")).text).toBe("no exceptions were ever made\n");
});

it("puts no acceptance in force that the log does not hold", async () => {
  const accept = ["accept", "signer", "Example", "--product", "Demo", ...PERSON];
  expect((await sallyport("accept", "signer", "--list")).code).toBe(0);
  breakTheLog();
  expect((await sallyport(...accept)).code).toBe(1);
  expect((await sallyport("accept", "signer", "--list")).text).toBe("no signer was ever accepted\n");
});

it("records no acceptance that ended before it began", async () => {
  const accept = ["accept", "signer", "Example", "--product", "Demo", ...PERSON];
  const { code, text } = await sallyport(...accept, "--until", "2020-01-31");
  expect(code).toBe(2);
  expect(text).toContain("lies in the past");
  const log = new DatabaseSync(join(folder, "home", "ledger", "log.db"), { readOnly: true });
  expect(log.prepare("SELECT count(*) AS entries FROM entry").get()).toEqual({ entries: 0 });
  log.close();
});
