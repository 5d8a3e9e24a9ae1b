/**
 * Checks the documents: relative links lead somewhere, `json` and `ts` fences parse, `sh` fences that call
 * `./sallyport` use commands that exist.
 * @module
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseAst } from "rolldown/parseAst";

interface Fence {
  readonly language: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** @returns one line per problem, `file:line: what`; none when the documents hold */
export function findDocsProblems(
  root: string,
  files: readonly string[],
  commands: readonly string[],
): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const problems = [
      ...brokenLinks(text, file),
      ...fencesOf(text).flatMap((fence) => judge(fence, commands)),
    ];
    return problems.map(({ line, what }) => `${relative(root, file)}:${line}: ${what}`);
  });
}

interface Problem {
  readonly line: number;
  readonly what: string;
}

function brokenLinks(text: string, file: string): Problem[] {
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .filter(([, link = ""]) => !/^[a-z]+:/.test(link) && !existsSync(join(dirname(file), link)))
    .map((match) => ({ line: lineAt(text, match.index), what: `the link ${match[1]} leads nowhere` }));
}

function fencesOf(text: string): Fence[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? "",
    text: match[2] ?? "",
    line: lineAt(text, match.index),
  }));
}

function judge({ language, text, line }: Fence, commands: readonly string[]): Problem[] {
  if (language === "sh")
    return [...text.matchAll(/^\s*(?:npx )?\.\/sallyport ([a-z][a-z-]*)/gm)]
      .filter(([, command = ""]) => !commands.includes(command))
      .map(([, command]) => ({ line, what: `there is no command ${command}` }));
  const what =
    language === "json" ? jsonProblem(text) : language === "ts" ? typescriptProblem(text) : undefined;
  return what === undefined ? [] : [{ line, what }];
}

const jsonProblem = (text: string): string | undefined => problemOf(() => JSON.parse(text));
const typescriptProblem = (text: string): string | undefined =>
  problemOf(() => parseAst(text, { lang: "ts" }));

function problemOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return `the fence does not parse: ${error instanceof Error ? error.message.split("\n")[0] : "unknown"}`;
  }
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

if (import.meta.main) {
  const root = resolve(import.meta.dirname, "..");
  const { commandNames } = await import("../apps/cli/src/command-names.ts");
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    cwd: root,
    encoding: "utf8",
  });
  const problems = findDocsProblems(
    root,
    files
      .split("\n")
      // Their links are those of the page that is made of them.
      .filter((file) => file !== "" && !file.endsWith("/page.md"))
      .map((file) => join(root, file)),
    commandNames,
  );
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
