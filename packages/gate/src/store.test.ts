import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@sallyport/store";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type GateStore, gateMigrations, openGateStore } from "./store.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const later = new Date("2026-04-01T00:00:00.000Z");
const sha256 = "ab".repeat(32);
const grant = { sha256, label: "setup.exe", owner: "Owner", reason: "pilot", until: later, overrides: [] };
const acceptance = {
  signer: "Example Ltd",
  product: "Desk",
  owner: "Owner",
  reason: "our vendor",
  until: undefined,
};

let folder = "";
let database: Database;
let store: GateStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gate-store-"));
  database = await openDatabase({ file: join(folder, "store.db"), migrations: [gateMigrations] });
  store = openGateStore(database);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

it("accepts a signer for a product until the acceptance is ended", async () => {
  await store.acceptSigner(acceptance, now);
  expect(await store.acceptedSigners(now)).toEqual([
    { text: "Example Ltd", product: "Desk", origin: "accepted by Owner: our vendor", isLasting: true },
  ]);
  expect(await store.endSigner("Example Ltd", "Another", now)).toEqual([]);
  expect(await store.endSigner("Example Ltd", undefined, now)).toHaveLength(1);
  expect(await store.endSigner("Example Ltd", undefined, now)).toEqual([]);
  expect(await store.acceptedSigners(now)).toEqual([]);
  expect(await store.listSigners()).toMatchObject([{ ...acceptance, acceptedAt: now, endedAt: now }]);
});

it("ends an acceptance by its date", async () => {
  await store.acceptSigner({ ...acceptance, until: later }, now);
  expect(await store.acceptedSigners(new Date(later.getTime() - 1))).toHaveLength(1);
  expect(await store.acceptedSigners(later)).toEqual([]);
});

it("finds the exception for a content hash while it lasts, the widest first", async () => {
  await store.addException({ ...grant, overrides: ["hidden-data"] }, now);
  const { id } = await store.addException(grant, now);
  expect(await store.exceptionFor(sha256, now)).toEqual({
    owner: "Owner",
    reason: "pilot",
    until: later.toISOString(),
    overrides: ["hidden-data"],
    owners: ["Owner"],
  });
  expect(await store.exceptionFor("cd".repeat(32), now)).toBeUndefined();
  expect(await store.exceptionFor(sha256, later)).toBeUndefined();
  expect(await store.endException(id, now)).toBe(1);
  expect(await store.listExceptions()).toHaveLength(2);
});

it("refuses an end that is not in the future", async () => {
  await expect(store.addException({ ...grant, until: now }, now)).rejects.toMatchObject({
    code: "usage.value",
  });
  const past = { ...acceptance, until: new Date(Number.NaN) };
  await expect(store.acceptSigner(past, now)).rejects.toMatchObject({ code: "usage.value" });
});

it("counts everybody who made an exception once, however they write their name", async () => {
  for (const owner of ["Owner", " owner", "OWNER", "Another"])
    await store.addException({ ...grant, owner }, now);
  expect((await store.exceptionFor(sha256, now))?.owners).toHaveLength(2);
  expect((await store.exceptionFor(sha256, later))?.owners).toBeUndefined();
});

it("keeps the first sight of a content, and every place it was said to come from", async () => {
  const origin = { urls: ["https://a.example/x", "https://b.example/x"], toldBy: "download" } as const;
  expect(await store.firstSeenAt(sha256)).toBeUndefined();
  expect(await store.originsOf(sha256)).toEqual([]);
  await store.noteSighting({ sha256, label: "a.exe", origin: undefined }, now);
  await store.noteSighting({ sha256, label: "b.exe", origin }, later);
  await store.noteSighting({ sha256, label: "b.exe", origin }, later);
  await store.noteSighting({ sha256: "cd".repeat(32), label: "c.exe", origin }, later);
  expect(await store.firstSeenAt(sha256)).toEqual(now);
  expect(await store.originsOf(sha256)).toEqual([origin]);
  expect(await store.originsOf(sha256, later)).toEqual([origin]);
  expect(await store.originsOf(sha256, now)).toEqual([]);
});

it("keeps no more than a hundred places of one content", async () => {
  for (let i = 0; i < 110; i += 1) {
    const origin = { urls: [`https://a.example/${i}`], toldBy: "--origin" } as const;
    await store.noteSighting({ sha256, label: "a", origin }, now);
  }
  expect(await store.originsOf(sha256)).toHaveLength(100);
});
