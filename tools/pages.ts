/**
 * Makes the documentation's pages on the entries of every seam from their folders, and the tables in
 * README.md and docs that list them. With `--check` it writes nothing and fails when a page is missing or out of date; with
 * `--table` it prints what is opened, verified and tested.
 * @module
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checks } from "../packages/gate/src/checks/registry.ts";
import { formats } from "../packages/gate/src/formats/registry.ts";
import { behaviours } from "../packages/gate/src/rules/behaviours/registry.ts";
import { sources } from "../packages/intel/src/sources/registry.ts";
import {
  comingOf,
  type Entry,
  entries,
  factsOf,
  fileOf,
  ROOT,
  SEAMS,
  SECTIONS,
  type Seam,
  schemesOf,
} from "./pages/entry.ts";
import { replacePart, table } from "./pages/markdown.ts";

/** @returns every made document by its path below the root */
export function makePages(): ReadonlyMap<string, string> {
  const pages = new Map(entries.map((entry) => [pathOf(entry), makePage(entry)] as const));
  const insert = (file: string, name: string, part: string) =>
    pages.set(file, replacePart(pages.get(file) ?? readFileSync(join(ROOT, file), "utf8"), name, part));
  insert("README.md", "formats", coverage("docs/"));
  insert("docs/formats.md", "formats", coverage(""));
  insert("docs/signatures.md", "signatures", list("signatures"));
  insert("docs/policy.md", "checks", checkTable());
  insert("docs/traits.md", "traits", list("traits"));
  insert("docs/behaviours.md", "behaviours", behaviourTable());
  insert("docs/sbom.md", "components", list("components"));
  insert("docs/knowledge.md", "sources", sourceTable());
  return pages;
}

const pathOf = ({ seam, id }: Entry): string => `docs/${seam}/${id}.md`;

/** Problems of the folders, one line each. */
export function findProblems(): string[] {
  return entries.flatMap((entry) => {
    const text = fileOf(entry, "page.md");
    if (text === undefined) return [`${entry.folder}/page.md is missing`];
    const found = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    return found.join() === SECTIONS.join()
      ? []
      : [`${entry.folder}/page.md: expected the sections ${SECTIONS.join(", ")}`];
  });
}

function makePage(entry: Entry): string {
  const { id, title, document, rows, folder } = entry;
  const facts = table(
    ["Id", `\`${id}\``],
    [...rows, ["Document", document]].map(([name = "", value = ""]) => [name, value.replaceAll("|", "\\|")]),
  );
  return `<!-- Made by tools/pages.ts. Edit ${folder}/page.md instead. -->\n\n# ${title}\n\n${facts}\n\n${fileOf(entry, "page.md") ?? ""}`;
}

/** Every format: what is done with it, and how that is tested. */
function coverage(base: string): string {
  return table(
    ["Format", "Opens", "Verifies", "Hostile-tested", "Real files", "Page"],
    entries
      .filter(({ seam }) => seam === "formats")
      .map((entry) => [
        `\`${entry.id}\``,
        formats.some(({ id, open, openStream }) => id === entry.id && (open ?? openStream)) ? "yes" : "leaf",
        schemesOf(entry.id).join(", ") || "-",
        hasTest(entry, "hostile") ? "yes" : "contract",
        hasTest(entry, "real-files") ? "yes" : "no",
        `[${entry.title}](${base}formats/${entry.id}.md)`,
      ]),
  );
}

const hasTest = (entry: Entry, name: string): boolean => fileOf(entry, `${name}.test.ts`) !== undefined;

const list = (seam: Seam): string =>
  table(
    ["Id", "Question"],
    entries
      .filter((entry) => entry.seam === seam)
      .map(({ id, title }) => [`[\`${id}\`](${seam}/${id}.md)`, title]),
  );

const behaviourTable = (): string =>
  table(
    ["A file that", "program", "library", "script", "other"],
    behaviours.map(({ id, does, gained }) => [
      `[${does}](behaviours/${id}.md)`,
      gained.program,
      gained.library,
      gained.script,
      gained.data,
    ]),
  );

const sourceTable = (): string =>
  table(
    ["Source", "Answers", "Comes", "Licence", "Stale after"],
    sources.map((source) => [
      `[${source.title}](sources/${source.id}.md)`,
      source.answers.join(", "),
      comingOf(source),
      source.licence,
      `${source.staleAfterDays} d`,
    ]),
  );

const checkTable = (): string =>
  table(
    ["check", "asks", "facts"],
    checks.map(({ id, question, policyFacts }) => [
      `\`${id}\``,
      question,
      factsOf(policyFacts).replaceAll("<", "\\<"),
    ]),
  );

/** Pages of what is no longer there. */
const leftovers = (pages: ReadonlyMap<string, string>): string[] =>
  SEAMS.flatMap((seam) => {
    const folder = join(ROOT, "docs", seam);
    const files = existsSync(folder) ? readdirSync(folder).map((file) => `docs/${seam}/${file}`) : [];
    return files.filter((file) => !pages.has(file));
  });

if (import.meta.main) {
  const pages = makePages();
  const problems = findProblems();
  const changed = [...pages].filter(([file, text]) => {
    const path = join(ROOT, file);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
  if (process.argv.includes("--table")) console.log(coverage("docs/"));
  else if (process.argv.includes("--check")) {
    problems.push(...changed.map(([file]) => `${file} is out of date: run npm run pages`));
    problems.push(...leftovers(pages).map((file) => `${file} is about nothing that is there`));
  } else {
    for (const [file, text] of changed) {
      mkdirSync(dirname(join(ROOT, file)), { recursive: true });
      writeFileSync(join(ROOT, file), text);
    }
    for (const file of leftovers(pages)) rmSync(join(ROOT, file));
    console.log(`${pages.size} pages, ${changed.length} written`);
  }
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
