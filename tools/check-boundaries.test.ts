import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { findViolations } from "./check-boundaries.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A repository with every package declared everywhere, so that each test breaks one rule only. */
function repository(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "sallyport-boundaries-"));
  folders.push(root);
  const names = [
    "packages/core",
    "packages/store",
    "packages/gate",
    "packages/intel",
    "packages/testkit",
    "apps/cli",
  ];
  const dependencies = Object.fromEntries(names.map((name) => [`@sallyport/${name.split("/")[1]}`, "0.1.0"]));
  const manifests = names.map((name) => [
    `${name}/package.json`,
    JSON.stringify({
      name,
      exports: { ".": "./src/index.ts", "./made.fixture": "./src/made.fixture.ts" },
      dependencies: { ...dependencies, zod: "4.6.7" },
    }),
  ]);
  const tools = ["package.json", JSON.stringify({ devDependencies: { vitest: "5.1.1" } })];
  for (const [file = "", text = ""] of [...manifests, tools, ...Object.entries(files)]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

const violations = (file: string, text: string) => findViolations(repository({ [file]: text }));

it.each([
  ["sideways", "packages/gate/src/a.ts", 'import "@sallyport/intel";', "gate must not import intel"],
  ["upward", "packages/core/src/a.ts", 'import "@sallyport/store";', "core must not import store"],
  [
    "upward by type",
    "packages/store/src/a.ts",
    'import type { X } from "@sallyport/gate";',
    "store must not import gate",
  ],
  ["undeclared", "packages/gate/src/a.ts", 'import "kysely";', "imports kysely without declaring it"],
  [
    "deep",
    "packages/gate/src/a.ts",
    'import "@sallyport/core/src/json.ts";',
    "reaches behind the exports of core",
  ],
  [
    "out of the package",
    "packages/gate/src/a.ts",
    'export * from "../../core/src/json.ts";',
    "reaches out of gate",
  ],
  [
    "dynamic and sideways",
    "packages/gate/src/a.ts",
    'await import("@sallyport/intel");',
    "gate must not import intel",
  ],
  ["computed", "packages/gate/src/a.ts", "await import(process.argv[2]);", "only known at run time"],
  [
    "computed in its folder",
    "packages/gate/src/a.ts",
    `await import(\`./\${id}/b.ts\`);`,
    "only known at run time",
  ],
  [
    "computed by a test",
    "packages/gate/src/a.test.ts",
    `await import(\`../\${id}.ts\`);`,
    "only known at run time",
  ],
  [
    "an import type",
    "packages/gate/src/a.ts",
    'let x: import("@sallyport/intel").X;',
    "gate must not import intel",
  ],
  [
    "testkit in the product",
    "packages/gate/src/a.ts",
    'import "@sallyport/testkit";',
    "testkit outside a test",
  ],
  [
    "a fixture in the product",
    "packages/gate/src/a.ts",
    'import "@sallyport/store/made.fixture";',
    "a fixture of store outside a test",
  ],
  [
    "a test tool in the product",
    "packages/gate/src/a.ts",
    'import "vitest";',
    "imports vitest without declaring it",
  ],
  ["a package that is not there", "apps/cli/src/a.ts", 'import "@sallyport/fleet";', "does not exist"],
])("reports an import that goes %s", (_, file, text, why) => {
  expect(violations(file, `// one\n${text}`)).toEqual([expect.stringMatching(`^${file}:2: .*${why}`)]);
});

it.each([
  ["packages/gate/src/a.ts", 'import "@sallyport/core"; import "./b.ts"; import "node:fs"; import "zod/v4";'],
  ["packages/gate/src/a.test.ts", 'import "vitest"; import "@sallyport/testkit";'],
  ["apps/cli/src/a.ts", 'import "@sallyport/gate"; await import("@sallyport/intel");'],
])("lets what the architecture allows pass in %s", (file, text) => {
  expect(violations(file, text)).toEqual([]);
});

it("finds nothing to report in this repository", () => {
  expect(findViolations(resolve(import.meta.dirname, ".."))).toEqual([]);
});

it("lets a suite find samples by the ids of a registry", () => {
  const root = repository({ "packages/gate/src/a.test.ts": `await import(\`./\${id}/sample.fixture.ts\`);` });
  expect(findViolations(root)).toEqual([]);
});
