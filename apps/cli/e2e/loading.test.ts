/** What an ordinary check loads: each module costs every run its time. */

import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("file"), "hello");
  // Before any module is loaded, as the program itself has none that tells.
  await writeFile(
    place.at("tell.mjs"),
    `import { appendFileSync } from "node:fs";
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(place.at("loaded"))}, url + "\\n"); return next(url, context); } });`,
  );
  // The first run puts in place what the program brings.
  await place.sallyport("check", place.at("file"));
});
afterAll(() => place.remove());

async function loadedBy(...args: string[]): Promise<readonly string[]> {
  await writeFile(place.at("loaded"), "");
  const { href } = pathToFileURL(place.at("tell.mjs"));
  await place.sallyportWith({ env: { NODE_OPTIONS: `--import=${href}` } }, ...args);
  return (await readFile(place.at("loaded"), "utf8")).split("\n");
}

it("is no reader of feeds, no other command, and nothing that only some files need", async () => {
  const loaded = await loadedBy("check", "--quiet", place.at("file"));
  const needless = [
    ...["packages/intel/src/sources/", "packages/intel/src/match/versions/", "packages/intel/src/lookup/"],
    ...[
      "packages/fetch/",
      "apps/cli/src/commands/intel/",
      "apps/cli/src/commands/hunt",
      "apps/cli/src/render/intel/",
    ],
    ...["node_modules/yaml/", "node_modules/saxes/", "node_modules/acorn/"],
  ];
  expect(loaded.filter((url) => needless.some((part) => url.includes(part)))).toEqual([]);
  expect(loaded.filter((url) => url.includes("apps/cli/src/commands/check.ts"))).toHaveLength(1);
});
