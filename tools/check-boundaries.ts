/**
 * Fails on an import that the architecture does not allow: core ← store, ledger, fetch, cage, openpgp ← wings ← apps. A wing never
 * imports another wing, nobody reaches behind a package's `exports`, everything imported is declared, and
 * testkit is for tests (`*.test.ts`) and their fixtures (`*.fixture.ts`) only. Type imports count: they are dependencies as well.
 * @module
 */

import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type ImportedModule, importsOf } from "./imports.ts";

const FOUNDATIONS = ["store", "ledger", "fetch", "cage", "openpgp"];
const WINGS = ["gate", "intel", "fleet", "access", "suppliers", "readiness"];

/** What each package may import of ours, in code that ships. */
function allowedPackages(name: string): readonly string[] {
  if (name === "core") return [];
  if (FOUNDATIONS.includes(name)) return ["core"];
  if (WINGS.includes(name)) return ["core", ...FOUNDATIONS];
  return ["core", ...FOUNDATIONS, ...WINGS];
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Workspace {
  /** `core`, `cli`. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** @returns one line per forbidden import, `file:line: why`; none when all hold */
export function findViolations(root: string): readonly string[] {
  const workspaces = globSync("{packages,apps}/*/package.json", { cwd: root }).map((file): Workspace => {
    const folder = join(root, dirname(file));
    return {
      name: dirname(file).split(/[\\/]/).at(-1) ?? "",
      folder,
      manifest: readManifest(join(root, file)),
    };
  });
  const tools = Object.keys(readManifest(join(root, "package.json")).devDependencies ?? {});
  const rules = { workspaces, tools, root };
  return workspaces.flatMap((workspace) =>
    globSync("**/*.ts", { cwd: workspace.folder, exclude: ["**/node_modules/**", "**/dist/**"] })
      .sort()
      .flatMap((file) => violationsOf(join(workspace.folder, file), workspace, rules)),
  );
}

interface Rules {
  readonly workspaces: readonly Workspace[];
  /** Packages that the repository's own package.json brings for tests and tools. */
  readonly tools: readonly string[];
  readonly root: string;
}

function violationsOf(file: string, workspace: Workspace, rules: Rules): readonly string[] {
  const isTest = /\.(test|fixture)\.ts$/.test(file) || workspace.name === "testkit";
  return importsOf(readFileSync(file, "utf8"))
    .map((imported) => ({ imported, why: judge(imported, file, { workspace, rules, isTest }) }))
    .filter(({ why }) => why !== undefined)
    .map(({ imported, why }) => `${relative(rules.root, file)}:${imported.line}: ${why}`);
}

interface Importer {
  readonly workspace: Workspace;
  readonly rules: Rules;
  readonly isTest: boolean;
}

function judge(imported: ImportedModule, file: string, importer: Importer): string | undefined {
  const { specifier, beginning } = imported;
  // A suite that runs over every folder of a registry finds their samples by id.
  if (specifier === undefined && importer.isTest && beginning === "./") return undefined;
  if (specifier === undefined) return "imports a module whose name is only known at run time";
  if (specifier.startsWith("node:")) return undefined;
  if (specifier.startsWith(".")) return judgeRelative(specifier, file, importer.workspace);
  if (specifier.startsWith("@sallyport/")) return judgeOurs(specifier, importer);
  return judgeForeign(specifier, importer);
}

function judgeRelative(specifier: string, file: string, { folder, name }: Workspace): string | undefined {
  const inside = relative(folder, resolve(dirname(file), specifier));
  return inside.startsWith("..") ? `reaches out of ${name} with ${specifier}` : undefined;
}

function judgeOurs(specifier: string, { workspace, rules, isTest }: Importer): string | undefined {
  const [, name = "", ...rest] = specifier.split("/");
  const target = rules.workspaces.find((other) => other.name === name);
  if (target === undefined) return `imports ${specifier}, which does not exist`;
  const subpath = rest.length === 0 ? "." : `./${rest.join("/")}`;
  if (!(subpath in (target.manifest.exports ?? {})))
    return `reaches behind the exports of ${name} with ${specifier}`;
  if (name === "testkit") return isTest ? undefined : "imports testkit outside a test";
  if (isTest) return undefined;
  if (subpath.endsWith(".fixture")) return `imports a fixture of ${name} outside a test`;
  if (!allowedPackages(workspace.name).includes(name)) return `${workspace.name} must not import ${name}`;
  return isDeclared(specifier, workspace) ? undefined : `imports ${name} without declaring it`;
}

function judgeForeign(specifier: string, { workspace, rules, isTest }: Importer): string | undefined {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (isDeclared(name, workspace) || (isTest && rules.tools.includes(name))) return undefined;
  return `imports ${name} without declaring it`;
}

function isDeclared(specifier: string, { manifest }: Workspace): boolean {
  return Object.keys(manifest.dependencies ?? {}).some(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  );
}

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, "utf8")) as Manifest;

if (import.meta.main) {
  const violations = findViolations(resolve(import.meta.dirname, ".."));
  for (const violation of violations) console.error(violation);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
