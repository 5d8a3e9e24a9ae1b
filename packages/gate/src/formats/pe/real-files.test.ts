import { readFile } from "node:fs/promises";
import { npmFile } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";

const WINSTALLER = {
  package: "electron-winstaller",
  version: "5.4.4",
  integrity:
    "sha512-j9ETcBGJaXxAY/b6UBpR7LZfjdU4BAO+yvr4ifqHEdyuc3UNCy91PDGkWKY5UQ4coHNYfnwFggrqD6QPeFGAlg==",
};

it("opens the archive that Squirrel keeps among the resources of its Setup.exe", async () => {
  const { members, bad } = await walk(
    await readFile(await npmFile({ ...WINSTALLER, path: "vendor/Setup.exe" })),
  );
  expect(bad).toEqual([]);
  expect([...members.values()].map(({ path, format }) => `${path} ${format}`).sort()).toEqual([
    " pe",
    "resources/DATA/131/1033 zip",
    "resources/DATA/131/1033/Update.exe pe",
  ]);
});

it.each([
  "Squirrel.exe",
  "nuget.exe",
  "7z-x64.exe",
  "7z-arm64.dll",
  "candle.exe",
  "signtool.exe",
  "rcedit.exe",
])("raises no alarm: %s", async (name) => {
  const { bad } = await walk(await readFile(await npmFile({ ...WINSTALLER, path: `vendor/${name}` })));
  expect(bad).toEqual([]);
});
