/** A bill of materials of a package as a person asks for it. */

import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";

const FILES: Readonly<Record<string, string>> = {
  "app/node_modules/one/package.json":
    '{"name":"one","version":"1.0.0","license":"MIT","dependencies":{"two":"*"}}',
  "app/node_modules/two/package.json": '{"name":"two","version":"2.0.0"}',
  "app/node_modules/two/test/node_modules/three/package.json": '{"name":"three","version":"3.0.0"}',
  "app/site-packages/four-4.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: four\nVersion: 4.0\n",
  "app/readme.txt": "node_modules/five/package.json",
};
const BROKEN = { "app/node_modules/six/package.json": '{"name":"six","name":"seven","version":"1.0.0"}' };

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("app.tar"), await tarOf(FILES));
  await writeFile(place.at("broken.tar"), await tarOf({ ...FILES, ...BROKEN }));
});
afterAll(() => place.remove());

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return buffer(archive);
}

const purlsIn = (text: string): string[] => {
  const { components }: { components: { purl: string }[] } = JSON.parse(text);
  return components.map(({ purl }) => purl);
};

it("prints one document, the same each time", async () => {
  const first = await place.sallyport("sbom", place.at("app.tar"));
  expect([first.code, first.stderr]).toEqual([0, ""]);
  expect(purlsIn(first.stdout)).toEqual(["pkg:npm/one@1.0.0", "pkg:npm/two@2.0.0", "pkg:pypi/four@4.0"]);
  const second = await place.sallyport("sbom", place.at("app.tar"));
  expect(second.stdout).toBe(first.stdout);
});

it("writes it where it is told, and says what is not listed", async () => {
  const { code, stdout, stderr } = await place.sallyport(
    "sbom",
    place.at("broken.tar"),
    "--output",
    place.at("bill.json"),
  );
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toContain(
    "not listed: app/node_modules/six/package.json: node-package: package.json names a member twice",
  );
  const text = await readFile(place.at("bill.json"), "utf8");
  expect(purlsIn(text)).toHaveLength(3);
  expect(JSON.parse(text)).toMatchObject({ compositions: [{ aggregate: "incomplete" }] });
});

it("is told of a file that cannot be written before any work", async () => {
  const { code, stderr } = await place.sallyport("sbom", place.at("app.tar"), "--output", place.folder);
  expect([code, stderr]).toEqual([2, expect.stringContaining("is a folder, a file to write was expected")]);
});
