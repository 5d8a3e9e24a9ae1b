import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { behaviours as trait } from "../../traits/behaviours/index.ts";
import type { Behaving } from "../../traits/behaviours/observed.ts";
import { portraitOf } from "../../traits/trait.fixture.ts";
import { observed } from "../../traits/trait.ts";
import { compileRules } from "../rule-set.ts";
import type { BehaviourFile } from "./behaviour.fixture.ts";
import { behaviourSources } from "./compile.ts";
import { loadSample } from "./load-sample.fixture.ts";
import { behaviours } from "./registry.ts";

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

async function doneBy(file: BehaviourFile): Promise<string[]> {
  const value = observed<Behaving>(await portraitOf([trait], file), trait);
  return value?.does.map(({ id }) => id) ?? [];
}

it("registers every folder, and has a folder for everything registered", () => {
  expect(behaviours.map(({ id }) => id).sort()).toEqual(folders.sort());
});

it("compiles without a warning, and names behaviour, description, techniques and files in each rule", async () => {
  const rules = await compileRules(behaviourSources(), { mostHits: 8, mayAskExternals: false });
  expect(rules.warnings).toEqual([]);
  for (const { namespace, text } of behaviourSources()) {
    const behaviour = behaviours.find(({ id }) => id === namespace);
    const metas = [...text.matchAll(/^rule (\w+) \{\n {2}meta:\n((?: {4}\w+ = ".+"\n)+)/gm)];
    expect(metas.length).toBe([...text.matchAll(/^rule /gm)].length);
    for (const [, name, meta] of metas) {
      expect(name?.startsWith(namespace.replaceAll("-", "_"))).toBe(true);
      expect(meta).toContain(`behaviour = "${namespace}"`);
      expect(meta).toContain(`attack = "${behaviour?.attack.join(" ")}"`);
      expect(meta).toMatch(/description = "[^"]{10,}"/);
      expect(meta).toMatch(/files = "(?:program|library|script|data)(?: (?:library|script|data))*"/);
    }
  }
});

describe.each(folders)("%s", (folder) => {
  it("is seen in each sample that shows it", async () => {
    const { shows } = await loadSample(folder);
    expect(shows.length).toBeGreaterThan(0);
    for (const file of shows)
      expect(await doneBy(file), file.bytes.toString("latin1").slice(-200)).toContain(folder);
  });

  it("is not seen in ordinary files that resemble it", async () => {
    const { lacks } = await loadSample(folder);
    expect(lacks.length).toBeGreaterThan(0);
    for (const file of lacks)
      expect(await doneBy(file), file.bytes.toString("latin1").slice(-200)).not.toContain(folder);
  });

  it("has a page", () => {
    expect(existsSync(join(import.meta.dirname, folder, "page.md"))).toBe(true);
  });
});
