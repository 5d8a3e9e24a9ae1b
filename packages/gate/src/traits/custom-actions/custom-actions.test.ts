import { describe, expect, it } from "vitest";
import { encodeStreamName } from "../../formats/ole/stream-name.ts";
import { type CompoundChild, writeCompoundFile } from "../../replica/compound-file.ts";
import { writeDatabase } from "../../replica/installer-database.ts";
import { type MsiContent, writeMsi } from "../../replica/msi-package.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { customActions } from "./index.ts";

const BASE: MsiContent = {
  product: "Example Product",
  company: "Example Software",
  version: "1.0.0",
  folder: "Example",
  files: [{ name: "example.exe", content: Buffer.from("program") }],
  customActions: [
    { action: "SetPath", type: 51, source: "DATA", target: "[INSTALLFOLDER]" },
    { action: "Register", type: 3073, source: "ExampleCA", target: "Register" },
    {
      action: "Start",
      type: 34,
      source: "INSTALLFOLDER",
      target: '"[INSTALLFOLDER]example.exe" --version 1.0.0',
    },
  ],
  services: [{ name: "ExampleService", displayName: "Example" }],
};
const draw = (bytes: Buffer) => portraitOf([customActions], { path: "setup.msi", format: "msi", bytes });

async function compare(before: Buffer, after: Buffer): Promise<string[]> {
  const found = compareMembers(customActions, await draw(before), await draw(after));
  return found.map(({ rule, risk, because }) => `${risk} ${rule}: ${because}`);
}
const compareMsi = (change: Partial<MsiContent>) =>
  compare(writeMsi(BASE), writeMsi({ ...BASE, version: "1.0.1", ...change }));
const actions = (...more: NonNullable<MsiContent["customActions"]>) => ({
  customActions: [...(BASE.customActions ?? []), ...more],
});
const replaced = (name: string, change: Partial<NonNullable<MsiContent["customActions"]>[number]>) => ({
  customActions: (BASE.customActions ?? []).map((action) =>
    action.action === name ? { ...action, ...change } : action,
  ),
});

describe("actions", () => {
  it.each([
    [2, "Helper", "", "runs a program that the installer carries"],
    [34, "INSTALLFOLDER", "helper.exe", "runs a command line"],
    [38, "", 'MsgBox "x"', "runs a VBScript"],
    [3073, "OtherCA", "Entry", "calls a library that the installer carries, with the rights of the system"],
    [18, "file1", "", "runs a program that it installs"],
  ])("holds a new one of type %i", async (type, source, target, what) => {
    expect(await compareMsi(actions({ action: "New", type, source, target }))).toEqual([
      `high action-added: has a new action New, which ${what}`,
    ]);
  });

  it("holds a new property that reads like a command of a program that runs anything", async () => {
    const found = await compareMsi(
      actions({ action: "New", type: 51, source: "Run", target: "powershell -enc AAAA" }),
    );
    expect(found).toEqual(["high action-added: has a new action New, which sets a property"]);
  });

  it("leaves properties, folders, new names and new entries of a library to a look", async () => {
    expect(await compareMsi(actions({ action: "New", type: 51, source: "A", target: "[B]" }))).toEqual([
      expect.stringMatching(/^info/),
    ]);
    expect(
      await compareMsi(actions({ action: "New", type: 1, source: "ExampleCA", target: "Other" })),
    ).toEqual([expect.stringMatching(/^medium/)]);
    const renamed = (BASE.customActions ?? []).map((action) => ({ ...action, action: `${action.action}2` }));
    expect(await compareMsi({ customActions: renamed })).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^info action-added/)),
    );
  });

  it("judges another command by what it became", async () => {
    const target = '"[INSTALLFOLDER]example.exe" --version 1.0.1';
    expect(await compareMsi(replaced("Start", { target }))).toEqual([
      expect.stringMatching(/^info action-changed/),
    ]);
    expect(await compareMsi(replaced("Start", { target: '"[INSTALLFOLDER]other.exe"' }))).toEqual([
      expect.stringMatching(/^medium/),
    ]);
    expect(await compareMsi(replaced("Start", { target: "cmd.exe /c example.exe" }))).toEqual([
      expect.stringMatching(/^high/),
    ]);
    expect(await compareMsi(replaced("SetPath", { type: 50, target: "x" }))).toEqual([
      expect.stringMatching(/^high/),
    ]);
  });

  it("says nothing of an installer whose rows are the same", async () => {
    expect(await compareMsi({})).toEqual([]);
    expect(await compareMsi({ customActions: (BASE.customActions ?? []).slice(1) })).toEqual([]);
  });
});

describe("what is left to be started", () => {
  it("holds a new service", async () => {
    const services = [...(BASE.services ?? []), { name: "Another", displayName: "Another" }];
    expect(await compareMsi({ services })).toEqual([
      "high service-added: installs a service Another, which it did not before",
    ]);
  });

  it("holds a new start by the registry, and no other row", async () => {
    const registry = (rows: [string, string][]) =>
      writeCompoundFile({
        classId: Buffer.from("84100c0000000000c000000000000046", "hex"),
        children: writeDatabase([
          {
            name: "Registry",
            columns: { Registry: "!s72", Root: "i2", Key: "l255", Name: "L255", Value: "L0" },
            rows: rows.map(([key, value], at) => [`r${at}`, 1, key, "Example", value]),
          },
        ]),
      });
    const plain: [string, string] = ["Software\\Example", "1"];
    const run: [string, string] = ["Software\\Microsoft\\Windows\\CurrentVersion\\Run", "x.exe"];
    expect(await compare(registry([plain]), registry([plain, run]))).toEqual([
      "high start-added: has Windows start something through CurrentVersion\\Run, which it did not before",
    ]);
    expect(await compare(registry([plain, run]), registry([["Software\\Other", "1"], run]))).toEqual([]);
    expect(await compare(registry([plain, run]), registry([plain, [run[0], "y.exe"]]))).toEqual([
      expect.stringMatching(/^medium start-changed/),
    ]);
  });
});

describe("transforms inside", () => {
  const transform = (name: string, tables: readonly string[]): CompoundChild => ({
    name,
    content: {
      children: [
        { name: encodeStreamName("_StringPool", true), content: Buffer.from("e9fd0000", "hex") },
        { name: encodeStreamName("_StringData", true), content: Buffer.alloc(0) },
        ...tables.map((table) => ({ name: encodeStreamName(table, true), content: Buffer.alloc(0) })),
      ],
    },
  });

  it("holds one that changes what is run, and shows one for a language", async () => {
    expect(await compareMsi({ streams: [transform("Setup", ["CustomAction"])] })).toEqual([
      "high transform-added: carries a new transform Setup, which changes CustomAction",
    ]);
    expect(await compareMsi({ streams: [transform("1031", ["Control"])] })).toEqual([
      "low transform-added: carries a new transform 1031",
    ]);
  });
});
