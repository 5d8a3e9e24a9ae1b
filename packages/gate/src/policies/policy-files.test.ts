import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultPolicies, readPolicyFolder } from "./policy-files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-policies-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("defaultPolicies", () => {
  it("reads the files that ship with the gate", async () => {
    const sources = await defaultPolicies();
    expect(sources.map(({ name, origin }) => [name, origin])).toEqual(
      ["admit", "hold", "refuse"].map((name) => [`default/${name}.cedar`, "default"]),
    );
  });
});

describe("readPolicyFolder", () => {
  it("reads the policy files of a folder by name, and nothing else", async () => {
    for (const name of ["b.cedar", "a.cedar", "README.md"]) await writeFile(join(folder, name), name);
    const sources = await readPolicyFolder(folder);
    expect(sources.map(({ text, origin }) => [text, origin])).toEqual([
      ["a.cedar", "added"],
      ["b.cedar", "added"],
    ]);
  });

  it("refuses a folder that is missing, empty, or holds something odd under a policy's name", async () => {
    const refused = { code: "usage.policy" };
    await expect(readPolicyFolder(join(folder, "missing"))).rejects.toMatchObject(refused);
    await expect(readPolicyFolder(folder)).rejects.toMatchObject(refused);
    await mkdir(join(folder, "odd.cedar"));
    await expect(readPolicyFolder(folder)).rejects.toMatchObject(refused);
    await rm(join(folder, "odd.cedar"), { recursive: true });
    await writeFile(join(folder, "large.cedar"), Buffer.alloc(1024 * 1024 + 1));
    await expect(readPolicyFolder(folder)).rejects.toMatchObject(refused);
  });
});
