import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formats } from "../formats/registry.ts";
import { signatureSchemes } from "../signatures/registry.ts";
import { checks } from "./registry.ts";

const seams = [
  { seam: "checks", folder: "./", plugins: checks },
  { seam: "formats", folder: "../formats/", plugins: formats },
  { seam: "signatures", folder: "../signatures/", plugins: signatureSchemes },
];

describe.each(seams)("the registry of $seam", ({ folder, plugins }) => {
  const folders = readdirSync(new URL(folder, import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  it("lists every folder, by the folder's name, and nothing without one", () => {
    expect(plugins.map(({ id }) => id).sort()).toEqual(folders.sort());
  });

  it("holds plug-ins that say what they ask and whom they follow", () => {
    for (const { id, document } of plugins) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(document).not.toBe("");
    }
  });
});
