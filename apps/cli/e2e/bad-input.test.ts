/**
 * Whatever a person or the world gets wrong: a sentence with the path, what was expected and what to do; exit code
 * 2 or 1; no stack; nothing half-written.
 */

import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makePlace, type Place, type Run } from "./sallyport-process.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const isPosix = process.platform !== "win32";
/** Owns nothing: what permissions mean is seen only by somebody whom they bind. */
const NOBODY = 65_534;

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("file"), "hello");
  await writeFile(place.at("empty"), "");
  await writeFile(place.at("unreadable"), "hello");
  await chmod(place.at("unreadable"), 0);
  await mkdir(place.at("folder"));
  await mkdir(place.at("policies"));
  await writeFile(place.at("policies/broken.cedar"), "permit (principal, action\n");
  if (isPosix) await run("mkfifo", [place.at("pipe")]);
});
afterAll(() => place.remove());
afterEach(async () => {
  expect((await readdir(place.folder)).filter((name) => name.endsWith(".new"))).toEqual([]);
  expect(await readdir(join(place.home, "scratch")).catch(() => [])).toEqual([]);
});

/** @param tells - what the message must say */
function expectTold({ code, stdout, stderr }: Run, exitCode: number, ...tells: (string | RegExp)[]): void {
  expect(stderr).not.toMatch(/\n\s+at |node:internal|Error:/);
  expect(stdout).toBe("");
  for (const tell of tells) expect(stderr).toMatch(tell);
  expect(stderr).toMatch(/^sallyport: /);
  expect(code).toBe(exitCode);
}

const PERSON = ["--owner", "Head of IT", "--reason", "known build", "--until", "2099-01-31"];
/** Each command with the one file that is bad. */
const COMMANDS: readonly [string, (file: string) => string[]][] = [
  ["check", (file) => ["check", file]],
  ["check --json", (file) => ["check", file, "--json"]],
  ["check --published", (file) => ["check", place.at("file"), "--published", file]],
  ["check --signature", (file) => ["check", place.at("file"), "--signature", file]],
  ["check --key", (file) => ["check", place.at("file"), "--key", file]],
  ["check --release", (file) => ["check", place.at("file"), "--release", file]],
  ["check --trust", (file) => ["check", place.at("file"), "--trust", file]],
  ["inspect", (file) => ["inspect", file]],
  ["admit", (file) => ["admit", file, ...PERSON]],
  ["receipt verify", (file) => ["receipt", "verify", file]],
  ["receipt show", (file) => ["receipt", "show", file]],
  ["trust list --trust", (file) => ["trust", "list", "--trust", file]],
];

describe.each(COMMANDS)("%s", (_, command) => {
  it("says which file does not exist", async () => {
    expectTold(
      await place.sallyport(...command(place.at("missing"))),
      2,
      /missing: does not exist; check the path/,
    );
  });

  it("does not take a folder for a file, or finds nothing in it", async () => {
    expectTold(
      await place.sallyport(...command(place.at("folder"))),
      2,
      /folder: (is a folder, a file was expected|the folder holds no files)/,
    );
  });

  it("does not read an empty file", async () => {
    expectTold(
      await place.sallyport(...command(place.at("empty"))),
      2,
      /empty: is empty, a file with content was expected/,
    );
  });

  it.skipIf(!isPosix)(
    "does not wait for a device that never ends, or a pipe that nobody writes to",
    async () => {
      for (const [path, kind] of [
        ["/dev/zero", "a device"],
        [place.at("pipe"), "a pipe"],
      ] as const)
        expectTold(await place.sallyport(...command(path)), 2, `${path}: is ${kind}, a file was expected`);
    },
  );
});

/** A clone in a folder of its owner's alone cannot be run by anybody else. */
const canBeNobody = isRoot && spawnSync(process.execPath, ["--version"], { uid: NOBODY }).status === 0;

describe.skipIf(!canBeNobody)("as somebody without rights (needs root and a clone that all may read)", () => {
  it("says which file may not be read", async () => {
    await chmod(place.folder, 0o755);
    const options = { uid: NOBODY, env: { SALLYPORT_HOME: place.at("nobody"), NODE_COMPILE_CACHE: "" } };
    await mkdir(place.at("nobody"));
    await run("chown", [String(NOBODY), place.at("nobody")]);
    for (const command of ["check", "inspect"])
      expectTold(
        await place.sallyportWith(options, command, place.at("unreadable")),
        2,
        /unreadable: cannot be read; check its permissions/,
      );
    expect((await place.sallyportWith(options, "check", place.at("file"), "--quiet")).code).toBe(10);
  });

  it("says that the home cannot be written, and where", async () => {
    await mkdir(place.at("locked"), { mode: 0o755 });
    const home = join(place.at("locked"), "home");
    const options = { uid: NOBODY, env: { SALLYPORT_HOME: home, NODE_COMPILE_CACHE: "" } };
    for (const args of [
      ["check", place.at("file")],
      ["admit", "--list"],
      ["receipt", "key"],
      ["accept", "signer", "--list"],
    ])
      expectTold(await place.sallyportWith(options, ...args), 1, /locked/);
  });

  it("says that a receipt cannot be written there, and shows no verdict", async () => {
    const options = { uid: NOBODY, env: { SALLYPORT_HOME: place.at("nobody"), NODE_COMPILE_CACHE: "" } };
    const target = join(place.at("locked"), "receipt");
    expectTold(
      await place.sallyportWith(options, "check", place.at("file"), "--receipt", target),
      1,
      /locked\/receipt: cannot be written \(no permission/,
    );
  });
});

describe("the home", () => {
  it.skipIf(process.platform !== "linux")("where no folder can be made is told at once", async () => {
    const options = { env: { SALLYPORT_HOME: "/proc/nowhere" } };
    for (const args of [
      ["check", place.at("file")],
      ["inspect", place.at("file")],
      ["receipt", "key"],
    ])
      expectTold(await place.sallyportWith(options, ...args), 1, /\/proc\/nowhere: the home cannot be made/);
  });

  it("that is a file is named, with what was expected", async () => {
    const options = { env: { SALLYPORT_HOME: place.at("file") } };
    expectTold(await place.sallyportWith(options, "check", place.at("file")), 1, /file/);
    expect(await readFile(place.at("file"), "utf8")).toBe("hello");
  });

  it("with a damaged store is not overwritten", async () => {
    const other = await makePlace();
    await mkdir(other.home, { mode: 0o700 });
    await writeFile(
      join(other.home, "sallyport.db"),
      "this is no database, and it is longer than a header of SQLite would be ".repeat(20),
    );
    expectTold(await other.sallyport("check", place.at("file")), 1, /sallyport\.db/);
    expect(await readFile(join(other.home, "sallyport.db"), "utf8")).toMatch(/^this is no database/);
    await other.remove();
  });

  it("with a damaged key is not given another", async () => {
    const other = await makePlace();
    expect((await other.sallyport("check", place.at("file"))).code).toBe(10);
    await writeFile(join(other.home, "ledger/signing-key.pem"), "no key");
    expectTold(await other.sallyport("check", place.at("file")), 1, /signing-key\.pem/);
    expect(await readFile(join(other.home, "ledger/signing-key.pem"), "utf8")).toBe("no key");
    await other.remove();
  });
});

describe("a receipt's target", () => {
  it.skipIf(!isPosix)("that is a device is left alone", async () => {
    expectTold(
      await place.sallyport("check", place.at("file"), "--receipt", "/dev/full"),
      2,
      /\/dev\/full: is a device or pipe, a file to write was expected/,
    );
    expect((await stat("/dev/full")).isCharacterDevice()).toBe(true);
  });

  it("that is a folder, or lies in none, is told before any work", async () => {
    expectTold(
      await place.sallyport("check", place.at("file"), "--receipt", place.at("folder")),
      2,
      /folder: is a folder, a file to write was expected/,
    );
    expectTold(
      await place.sallyport("check", place.at("file"), "--receipt", place.at("no/where")),
      2,
      /no\/where: the folder .* does not exist/,
    );
  });

  it("keeps what it held when the disk is full", async ({ skip }) => {
    const disk = place.at("disk");
    await mkdir(disk, { recursive: true });
    const mounted = await run("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk]).then(
      () => true,
      () => false,
    );
    skip(!mounted, "no disk of 16 KiB can be mounted here");
    try {
      await writeFile(join(disk, "receipt"), "as it was");
      await writeFile(join(disk, "rest"), Buffer.alloc(64 * 1024)).catch(() => undefined);
      expectTold(
        await place.sallyport("check", place.at("file"), "--receipt", join(disk, "receipt")),
        1,
        /receipt: cannot be written \(the disk is full/,
      );
      expect(await readFile(join(disk, "receipt"), "utf8")).toBe("as it was");
      expect((await readdir(disk)).sort()).toEqual(["receipt", "rest"]);
    } finally {
      await run("umount", [disk]);
    }
  });

  it("is the file a link points to, and the link stays", async () => {
    await writeFile(place.at("target"), "old");
    await symlink(place.at("target"), place.at("link"));
    expect(
      (await place.sallyport("check", place.at("file"), "--receipt", place.at("link"), "--quiet")).code,
    ).toBe(10);
    expect(await readFile(place.at("target"), "utf8")).toContain("sallyport.receipt/1");
  });
});

describe("a file that changes while it is read", () => {
  it("is not judged by what it no longer is", async () => {
    const growing = place.at("shrinking");
    await writeFile(growing, Buffer.alloc(200 * 1024 * 1024, "text"));
    // Cut as soon as the program has made its scratch folder: it reads by then.
    const cut = async () => {
      for (let tries = 0; tries < 2000; tries += 1) {
        const scratch = await readdir(join(place.home, "scratch")).catch(() => []);
        if (scratch.length > 0) return truncate(growing, 1000);
        await new Promise((done) => setTimeout(done, 5));
      }
    };
    const [told] = await Promise.all([place.sallyport("check", growing), cut()]);
    expectTold(told, 1, /shrinking.* changed while it was (read|judged).*judge it again/);
  });
});

describe("what is in a folder", () => {
  it("is judged or named, never passed over", async () => {
    await mkdir(place.at("links"));
    await symlink(place.at("file"), place.at("links/to-file"));
    const one = await place.sallyport("check", place.at("links"));
    expect(one.stdout).toContain("to-file");
    await symlink(place.at("folder"), place.at("links/elsewhere"));
    expectTold(
      await place.sallyport("check", place.at("links")),
      2,
      /elsewhere: is a link to a folder elsewhere/,
    );
  });

  it.skipIf(!isPosix)("is not waited for when it is a pipe", async () => {
    await mkdir(place.at("pipes"));
    await run("mkfifo", [place.at("pipes/one")]);
    expectTold(await place.sallyport("check", place.at("pipes")), 2, /pipes\/one: is a pipe/);
  });
});

const WRONG_CALLS: readonly [string, (file: string) => string[], ...(string | RegExp)[]][] = [
  ["an unknown command", (file) => ["chekc", file], /unknown command 'chekc'/, /Did you mean check/],
  ["an unknown flag", (file) => ["check", "--jsn", file], /unknown option '--jsn'/, /Did you mean --json/],
  [
    "a flag twice",
    (file) => ["check", file, "--expect", "a", "--expect=b"],
    /--expect stands twice; give it once/,
  ],
  ["a flag without its value", (file) => ["check", file, "--expect"], /argument missing/],
  ["no file", () => ["check"], /missing required argument 'file'/],
  ["an address", () => ["inspect", "https://example.org/setup.exe"], /only check fetches .*download it/],
  ["an empty path", () => ["check", ""], /an empty path was given/],
  [
    "a wrong hash",
    (file) => ["check", file, "--expect", "sha256:12"],
    /--expect sha256:12: expected sha256: and 64/,
  ],
  [
    "a wrong size",
    (file) => ["check", file, "--max-memory", "lots"],
    /--max-memory lots: expected a size such as/,
  ],
  ["a wrong count", (file) => ["check", file, "--max-depth", "0"], /--max-depth 0: expected a whole number/],
  [
    "a negative count",
    (file) => ["check", file, "--max-entries=-1"],
    /--max-entries -1: expected a whole number/,
  ],
  ["an empty signer", (file) => ["check", file, "--signer", " "], /--signer: expected between 1 and 500/],
  [
    "one receipt for two files",
    (file) => ["check", file, file, "--receipt", `${file}.receipt`],
    /--receipt goes with one file/,
  ],
  ["two files to inspect", (file) => ["inspect", file, file], /too many arguments/],
  [
    "a policy folder that is missing",
    (file) => ["check", file, "--policy", `${file}-no`],
    /file-no: .*folder/,
  ],
  ["a policy folder that is a file", (file) => ["policy", "check", file], /file: .*folder/],
  [
    "a policy folder without policies",
    () => ["policy", "check", place.at("folder")],
    /folder: holds no \.cedar files/,
  ],
  ["broken policies", (file) => ["check", file, "--policy", place.at("policies")], /broken\.cedar:\d+:\d+/],
  [
    "broken policies with --json",
    (file) => ["check", file, "--json", "--policy", place.at("policies")],
    /broken\.cedar:\d+:\d+/,
  ],
  [
    "an unknown default",
    (file) => ["check", file, "--without-default", "unsinged"],
    /did you mean "unsigned"/,
  ],
  ["trust in a file that is none", (file) => ["trust", "list", "--trust", file], /file holds no certificate/],
  [
    "admit without its reasons",
    (file) => ["admit", file],
    /admit needs FILE, --owner NAME, --reason TEXT and --until DAY/,
  ],
  [
    "admit until a day that was",
    (file) => ["admit", file, ...PERSON.with(-1, "2020-01-01")],
    /2020-01-01: lies in the past/,
  ],
  [
    "admit until a day that is none",
    (file) => ["admit", file, ...PERSON.with(-1, "2027-02-30")],
    /expected a day such as/,
  ],
  ["admit without an owner", (file) => ["admit", file, ...PERSON.with(1, " ")], /--owner: expected between/],
  [
    "an override of nothing",
    (file) => ["admit", file, ...PERSON, "--override", "x"],
    /no refusing policy has this id; expected one of .*hidden-data/,
  ],
  [
    "the end of no exception",
    () => ["admit", "--end", "x"],
    /no exception in force has this id; admit --list/,
  ],
  ["a signer without a product", () => ["accept", "signer", "X"], /needs --product NAME/],
  ["no signer", () => ["accept", "signer"], /needs TEXT/],
  [
    "the end of no acceptance",
    () => ["accept", "signer", "X", "--end"],
    /no acceptance in force names this signer/,
  ],
  ["a key that is none", (file) => ["receipt", "verify", file, "--key", file], /file/],
];

describe("a wrong call", () => {
  it.each(WRONG_CALLS)("is told what was expected: %s", async (_, command, ...tells) => {
    expectTold(await place.sallyport(...command(place.at("file"))), 2, ...tells);
  });

  it("of a group without its command shows what there is", async () => {
    for (const group of [[], ["accept"], ["receipt"], ["policy"], ["trust"]]) {
      const told = await place.sallyport(...group);
      expect(told.code).toBe(2);
      expect(told.stderr).toContain("Usage: sallyport");
    }
  });
});

describe.skipIf(!isPosix)("an output that cannot be written", () => {
  const shell = (command: string) =>
    run(
      "/bin/sh",
      [
        "-c",
        `"$0" "$1" check "$2" --json ${command}`,
        process.execPath,
        join(import.meta.dirname, "../src/main.ts"),
        place.at("file"),
      ],
      {
        env: { PATH: process.env.PATH, SALLYPORT_HOME: place.home },
      },
    ).then(
      ({ stderr }) => ({ code: 0, stderr }),
      (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr }),
    );

  it("for want of space is a failure, not a verdict", async () => {
    const told = await shell("> /dev/full");
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(/^sallyport: the output cannot be written \(ENOSPC\)/);
  });

  it("because the reader went away ends in silence", async () => {
    expect(await shell("| true")).toEqual({ code: 0, stderr: "" });
  });
});
