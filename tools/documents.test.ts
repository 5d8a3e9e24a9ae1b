/** The documents name everything there is, so that they stay true when something is added. */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkPolicies, DEFAULT_LIMITS, loadPolicies } from "@sallyport/core";
import { defaultPolicies, defaultTrust, missingFamilies, vocabulary } from "@sallyport/gate";
import { describe, expect, it } from "vitest";
import { commandNames } from "../apps/cli/src/command-names.ts";
import { EXIT } from "../apps/cli/src/exit-codes.ts";
import { DEFAULT_MAX_MEMORY_BYTES } from "../apps/cli/src/judge.ts";
import { findProblems, makePages } from "./pages.ts";

const root = resolve(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The first words in backquotes of every table row below a heading. */
function rowsBelow(text: string, heading: RegExp): string[] {
  const after = text.slice(text.search(heading));
  const table = /(?:^\|.*\n)+/m.exec(after)?.[0] ?? "";
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, word = ""]) => word);
}

describe("docs/policy.md", () => {
  const text = read("docs/policy.md");

  it.each([
    ["refuse", /^What refuses/m],
    ["hold", /^What holds/m],
    ["admit", /^What admits/m],
  ] as const)("explains every default policy that can %s, and no other", async (verdict, heading) => {
    const { policies } = await loadPolicies(await defaultPolicies(), {
      vocabulary: vocabulary(),
      withoutDefaults: [],
    });
    const ids = policies.filter((policy) => policy.verdict === verdict).map(({ id }) => id);
    expect(rowsBelow(text, heading).sort()).toEqual(ids.sort());
  });

  it("lists every check with the facts that policies may read", () => {
    expect(rowsBelow(text, /^\| check /m)).toEqual(vocabulary().map(({ id }) => id));
    const rows = text.slice(text.search(/^\| check /m)).split("\n");
    for (const { id, facts } of vocabulary()) {
      const row = rows.find((line) => line.startsWith(`| \`${id}\``)) ?? "";
      const named = [...(row.split("|")[3] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      expect(named, id).toEqual(Object.keys(facts));
    }
  });

  it("shows an example that the engine accepts", async () => {
    const [example = ""] = [...text.matchAll(/^```cedar\n([\s\S]*?)^```$/gm)].flatMap(([, policy = ""]) =>
      policy.includes("@id(") ? policy : [],
    );
    const source = { name: "docs/policy.md", text: example, origin: "added" } as const;
    expect(example).not.toBe("");
    expect(await checkPolicies([...(await defaultPolicies()), source], vocabulary())).toEqual([]);
  });
});

describe("the other documents", () => {
  it("are made from the folders of formats, signature schemes and checks", () => {
    expect(findProblems()).toEqual([]);
    for (const [file, text] of makePages()) expect(read(file), `${file}: run npm run pages`).toBe(text);
  });

  it("count the trust anchors of every family, and name every family that is missing", () => {
    const text = read("docs/trust.md");
    const counted = Map.groupBy(defaultTrust().anchors, ({ family }) => family);
    for (const [family, anchors] of counted)
      expect(text).toMatch(new RegExp(`^\\| ${family} +\\| ${anchors.length} `, "m"));
    for (const { family } of missingFamilies) expect(text).toContain(`\n| ${family} `);
  });

  it("give the exit codes and the limits there are", () => {
    const codes = [...read("README.md").matchAll(/^\| (\d+) +\| /gm)].map(([, code]) => Number(code));
    expect(codes.sort()).toEqual(Object.values(EXIT).sort());
    const { entries, depth, milliseconds, bytes } = DEFAULT_LIMITS;
    const rows = [
      ["entries", entries],
      ["bytes", `${bytes / 1024 ** 3}G`],
      ["depth", depth],
      ["seconds", milliseconds / 1000],
      ["memory", `${DEFAULT_MAX_MEMORY_BYTES / 1024 ** 3}G`],
    ];
    for (const [flag, value] of rows)
      expect(read("docs/formats.md")).toMatch(new RegExp(`^\\| \`--max-${flag}\` +\\| ${value} +\\| `, "m"));
  });

  it("show every command", () => {
    for (const name of commandNames.filter((command) => command !== "replay"))
      expect(read("README.md")).toContain(`./sallyport ${name}`);
  });
});
