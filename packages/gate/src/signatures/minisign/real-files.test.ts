import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { minisign } from "./index.ts";
import { brought } from "./signing.fixture.ts";
import { readKey } from "./text-file.ts";

describe.skipIf(!hasApt())(`OpenBSD's own keys, as Debian packages them (or ${NO_APT})`, () => {
  it("are read, each with its number and comment", { timeout: 120_000 }, async () => {
    const folder = join(await debianPackage("signify-openbsd-keys"), "usr/share/signify-openbsd-keys");
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".pub"))
      .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
    expect(files.length).toBeGreaterThan(10);
    const keys = files.map(({ name, bytes }) => readKey(bytes, name));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(files.length);
    for (const { comment } of keys) expect(comment).toMatch(/public key/);
    const all = files.map(({ name, bytes }) => brought(name, bytes));
    expect(await minisign.claims?.({ label: "", signatures: [], keys: all })).toEqual(all);
  });
});
