import fc from "fast-check";
import { expect, it } from "vitest";
import { resolveDependencies } from "./dependencies.ts";
import type { GatheredPart } from "./gather.ts";

const part = (name: string, paths: readonly string[], needs: readonly string[]): GatheredPart => ({
  component: {
    product: name,
    type: "library",
    foundBy: "node-package",
    confidence: "declared",
    identifiers: [{ kind: "purl", value: `pkg:npm/${name}@${paths.length}` }],
    dependsOn: needs.map((need) => `pkg:npm/${need}`),
  },
  paths,
});

/** By looking at every path of every candidate. */
function nearestSlowly(from: string, candidates: readonly number[], parts: readonly GatheredPart[]): number {
  const shared = (path: string) => {
    const [left, right] = [from.split("/"), path.split("/")];
    const differs = left.findIndex((folder, at) => folder !== right[at]);
    return differs < 0 ? left.length : differs;
  };
  const lengths = candidates.map((one) => Math.max(...(parts[one]?.paths ?? []).map(shared)));
  return candidates[lengths.indexOf(Math.max(...lengths))] ?? -1;
}

const path = fc
  .array(fc.constantFrom("a", "b", "node_modules"), { minLength: 1, maxLength: 5 })
  .map((folders) => folders.join("/"));
const name = fc.constantFrom("one", "two", "three");

it("takes of several versions the one that shares most folders, the first of equals", () => {
  const some = fc.record({
    name,
    paths: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
    needs: fc.uniqueArray(name, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), (given) => {
      const parts = given.map((one) => part(one.name, one.paths, one.needs));
      const resolved = resolveDependencies(parts);
      for (const [index, { paths, needs }] of given.entries()) {
        const expected = needs.flatMap((need) => {
          const candidates = given.flatMap((other, at) => (other.name === need ? [at] : []));
          return candidates.length === 0 ? [] : nearestSlowly(paths[0] ?? "", candidates, parts);
        });
        expect(resolved.get(index) ?? []).toEqual(
          [...new Set(expected)].filter((one) => one !== index).sort((a, b) => a - b),
        );
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

it("keeps its time for packages in many places that all need each other", () => {
  const names = Array.from({ length: 30 }, (_, at) => `package-${at}`);
  const parts = Array.from({ length: 2000 }, (_, index) =>
    part(
      names[index % 30] ?? "",
      Array.from({ length: 50 }, (_, at) => `x/${index}/node_modules/${at}/package.json`),
      Array.from({ length: 500 }, (_, at) => names[at % 30] ?? ""),
    ),
  );
  expect(resolveDependencies(parts).size).toBe(2000);
});
