import { readdirSync } from "node:fs";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { manifests } from "./registry.ts";

/** `whl` is what the format calls it; the folder has the whole word. */
const FOLDER_OF: Readonly<Record<string, string>> = { whl: "wheel" };

describe("the kinds of package", () => {
  it("are all registered", () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const registered = manifests.map(({ id }) => FOLDER_OF[id] ?? id);
    expect(registered.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it("make nothing of a container that has nothing of theirs", () => {
    const contents = { members: new Map(), unread: new Set<string>(), complete: true, budget: testBudget() };
    for (const kind of manifests)
      for (const format of kind.containers) expect(kind.conclude({ ...contents, format })).toBeUndefined();
  });
});
