import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { silentLog } from "@sallyport/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { decisionAbout } from "../soak/decision.ts";
import { killWriters } from "../soak/kill-writers.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { type LocalLedger, openLedger } from "./ledger.ts";
import { leafHash } from "./merkle.ts";
import { readBundle, tileIndexPath } from "./tiles.ts";
import { verifyReceipt } from "./verify-receipt.ts";

let base = "";
let folder = "";
const opened: LocalLedger[] = [];
const clock = { now: () => new Date("2026-03-01T12:00:00Z") };

const open = async (at = folder): Promise<LocalLedger> => {
  const ledger = await openLedger({ folder: at, clock, log: silentLog });
  opened.push(ledger);
  return ledger;
};
const recordMany = async (ledger: LocalLedger, count: number, prefix = "file"): Promise<void> => {
  for (let at = 0; at < count; at += 1) await ledger.record(decisionAbout(`${prefix}-${at}`));
};
const closeAll = (): void => {
  for (const ledger of opened.splice(0)) ledger.close();
};

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "sallyport-ledger-"));
  folder = join(base, "ledger");
});
afterEach(() => {
  closeAll();
  rmSync(base, { recursive: true, force: true });
});

it("keeps key and log private to their owner, and the key over a restart", async () => {
  const { publicKey } = await open();
  await recordMany(await open(), 1);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of ["signing-key.pem", "log.db", "log.db-wal", "checkpoint"])
    expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  expect((await open()).publicKey.id).toBe(publicKey.id);
  expect(readdirSync(folder).filter((name) => name.startsWith("signing-key"))).toEqual(["signing-key.pem"]);
});

it("finds the latest answer about a subject and the whole decision behind it", async () => {
  const ledger = await open();
  const decision = decisionAbout("program");
  await ledger.record(decision);
  await recordMany(ledger, 3);
  await ledger.record({ ...decision, verdict: "refuse" });
  const latest = ledger.latest(decision.subject.id);
  expect(latest).toMatchObject({ index: 4, verdict: "refuse", recordedAt: clock.now() });
  expect(ledger.decision(latest?.decisionDigest ?? "")).toEqual({ ...decision, verdict: "refuse" });
  expect(ledger.latest("sha256:never")).toBeUndefined();
  expect(ledger.list({ limit: 2 }).map((entry) => entry.index)).toEqual([4, 3]);
  expect(ledger.list({ before: 2 }).map((entry) => entry.index)).toEqual([1, 0]);
});

it("publishes tiles and a checkpoint from which anybody can rebuild the log", async () => {
  const ledger = await open();
  await recordMany(ledger, 260);
  const tile = (path: string) => readFileSync(join(folder, "tile", path));
  const hashes = Buffer.concat([tile("0/000"), tile("0/001.p/4")]);
  const entries = [tile("entries/000"), tile("entries/001.p/4")].flatMap((bytes) => readBundle(bytes) ?? []);
  expect(Buffer.concat(entries.map(leafHash))).toEqual(hashes);
  expect(tile("1/000.p/1")).toHaveLength(32);
  expect(readdirSync(join(folder, "tile", "0"))).toEqual(["000", "001.p"]);
  const published = readFileSync(join(folder, "checkpoint"), "utf8");
  expect(published).toBe(ledger.checkpoint());
  const checkpoint = openCheckpoint(published, ledger.publicKey);
  expect(checkpoint).toMatchObject({ size: 260n });
  expect(ledger.audit()).toMatchObject({ size: 260 });
  rmSync(join(folder, "tile"), { recursive: true });
  ledger.rebuild();
  expect(Buffer.concat([tile("0/000"), tile("0/001.p/4")])).toEqual(hashes);
});

it("names tiles as c2sp.org/tlog-tiles does", () => {
  expect([0, 999, 1000, 1_234_067].map(tileIndexPath)).toEqual(["000", "999", "x001/000", "x001/x234/067"]);
});

it("refuses a log that was rolled back to an older copy", async () => {
  await recordMany(await open(), 3);
  closeAll();
  cpSync(join(folder, "log.db"), join(base, "old.db"));
  await recordMany(await open(), 2, "later");
  closeAll();
  cpSync(join(base, "old.db"), join(folder, "log.db"));
  await expect(open()).rejects.toMatchObject({
    code: "world.ledger",
    message: expect.stringMatching(/rolled back/),
  });
});

it("refuses a log that was deleted, forked or cut, or that lost its key", async () => {
  await recordMany(await open(), 5);
  closeAll();
  const damaged = async (name: string, damage: (at: string) => void, message: RegExp): Promise<void> => {
    const at = join(base, name);
    cpSync(folder, at, { recursive: true });
    damage(at);
    await expect(open(at), name).rejects.toMatchObject({
      code: "world.ledger",
      message: expect.stringMatching(message),
    });
  };
  const sql = (statement: string) => (at: string) => {
    const raw = new DatabaseSync(join(at, "log.db"));
    raw.exec(statement);
    raw.close();
  };
  await damaged("deleted", (at) => rmSync(join(at, "log.db")), /rolled back or cut/);
  await damaged("keyless", (at) => rmSync(join(at, "signing-key.pem")), /lost its signing key/);
  await damaged("cut", sql("DELETE FROM entry WHERE position = 4"), /lost entries/);
  await damaged("shrunk", sql("UPDATE log SET size = 4"), /size its checkpoint says/);
  await damaged(
    "changed",
    sql("UPDATE node SET hash = zeroblob(32) WHERE level = 2"),
    /match its checkpoint/,
  );
  await damaged("text", (at) => writeFileSync(join(at, "log.db"), "text ".repeat(2000)), /not a database/);
  await damaged("newer", sql("PRAGMA user_version = 9"), /newer version/);
  const other = await open(join(base, "other"));
  await recordMany(other, 5, "other");
  closeAll();
  await damaged("forked", (at) => cpSync(join(base, "other", "log.db"), join(at, "log.db")), /another key/);
});

it("finds an entry that was changed inside the log when it is audited", async () => {
  await recordMany(await open(), 9);
  closeAll();
  const raw = new DatabaseSync(join(folder, "log.db"));
  raw.exec("UPDATE entry SET commitment = zeroblob(32) WHERE position = 3");
  raw.exec("UPDATE content SET json = replace(json, 'hold', 'admit')");
  raw.close();
  const ledger = await open();
  expect(() => ledger.audit()).toThrow(expect.objectContaining({ code: "world.ledger" }));
  const digest = ledger.entry(0)?.decisionDigest ?? "";
  expect(() => ledger.decision(digest)).toThrow(expect.objectContaining({ code: "world.ledger" }));
});

it("writes nothing half when storing fails in the middle, and goes on afterwards", async () => {
  const ledger = await open();
  await recordMany(ledger, 2);
  const raw = new DatabaseSync(join(folder, "log.db"));
  const decision = decisionAbout("large");
  const large = { ...decision, notChecked: [{ source: "x", because: "y".repeat(50_000_000) }] };
  raw.exec("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'full'); END");
  await expect(ledger.record(large)).rejects.toMatchObject({ code: "world.ledger" });
  raw.exec("DROP TRIGGER full");
  raw.close();
  expect(ledger.audit().size).toBe(2);
  const receipt = await ledger.record(decision);
  expect(verifyReceipt(receipt, { publicKeys: [ledger.publicKey] }).index).toBe(2n);
});

it("hands out a durable receipt even when the files beside the log cannot be written", async () => {
  const ledger = await open();
  writeFileSync(join(folder, "tile"), "in the way");
  const receipt = await ledger.record(decisionAbout("file"));
  expect(verifyReceipt(receipt, { publicKeys: [ledger.publicKey] }).index).toBe(0n);
  rmSync(join(folder, "tile"));
  closeAll();
  await open();
  expect(readdirSync(join(folder, "tile"))).toEqual(["0", "entries"]);
});

it("says what to do when its folder cannot be made", async () => {
  writeFileSync(join(base, "file"), "");
  await expect(open(join(base, "file", "ledger"))).rejects.toMatchObject({
    code: "world.ledger",
    message: expect.stringMatching(/make its folder writable/),
  });
});

it("makes one key and one log when several processes start at once", async () => {
  const script = `import { openLedger } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    import { decisionAbout } from ${JSON.stringify(new URL("../soak/decision.ts", import.meta.url).href)};
    const log = { info() {}, warn() {}, error() {} };
    const ledger = await openLedger({ folder: process.argv[1], clock: { now: () => new Date() }, log });
    for (let at = 0; at < 20; at += 1) await ledger.record(decisionAbout(process.pid + "-" + at));
    process.stdout.write(ledger.publicKey.id);`;
  const run = promisify(execFile);
  const starts = Array.from({ length: 4 }, () =>
    run(process.execPath, ["--input-type=module", "-e", script, folder]),
  );
  const ids = (await Promise.all(starts)).map(({ stdout }) => stdout);
  const ledger = await open();
  expect(new Set([...ids, ledger.publicKey.id]).size).toBe(1);
  expect(ledger.audit().size).toBe(80);
  for (const entry of ledger.list({ limit: 80 }))
    verifyReceipt(entry.receipt, { publicKeys: [ledger.publicKey] });
});

it("loses no receipt and never forks when writers are killed at any moment", async () => {
  const figures = await killWriters({ milliseconds: 3000, writers: 3 });
  expect(figures.acknowledged).toBeGreaterThan(0);
  expect(figures.entries).toBeGreaterThanOrEqual(figures.acknowledged);
});

it("records many at once as it records each, or none of them", async () => {
  const ledger = await open();
  const [first, ...others] = await ledger.recordAll(["a", "b", "c"].map(decisionAbout));
  expect(others.map(({ log }) => log.index)).toEqual(["1", "2"]);
  await ledger.record(decisionAbout("d"));
  expect(ledger.audit().size).toBe(4);
  for (const receipt of [first, ...others])
    expect(verifyReceipt(receipt, { publicKeys: [ledger.publicKey] })).toBeDefined();
  const broken = { ...decisionAbout("e"), verdict: undefined as unknown as "hold" };
  await expect(ledger.recordAll([decisionAbout("f"), broken])).rejects.toThrow();
  expect((await open()).audit().size).toBe(4);
});
