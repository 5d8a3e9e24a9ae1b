/** Android packages out of npm, as their makers signed them. */

import { readFile } from "node:fs/promises";
import { npmFile, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { apk } from "./index.ts";

const NO_TRUST = { anchors: [], revocationLists: [], hash: "" };
const SERVER = {
  package: "appium-uiautomator2-server",
  version: "10.6.6",
  integrity:
    "sha512-Ae7mB19OcLkEBi/U/r9eKnCmCJHV5iNf2/HYYHstuP7iWGCTXj1WXfIC++7fBfGWdSZVDoWc6nJO8miZInE1Wg==",
};
const SETTINGS = {
  package: "io.appium.settings",
  version: "8.0.10",
  integrity:
    "sha512-hvCl6u2QMrggrOohOy9pDTFo0bIWn78Nxdvj57UoPoCSFrkP0a8y73a1GaV31x3IzPw6QIECakpznft1/2/3bA==",
};

describe("Android packages", () => {
  it.each([
    [{ ...SERVER, path: "apks/appium-uiautomator2-server-v10.6.6.apk" }, ["2", "3"]],
    [{ ...SERVER, path: "apks/appium-uiautomator2-server-debug-androidTest.apk" }, ["2", "3"]],
    [{ ...SETTINGS, path: "apks/settings_apk-debug.apk" }, ["2"]],
  ] as const)(
    "are believed: $path",
    async (file, schemes) => {
      const bytes = await readFile(await npmFile(file));
      const context = verifyContext({
        format: "apk",
        trust: NO_TRUST,
        now: new Date("2026-12-01T00:00:00Z"),
      });
      const { signatures, findings } = await apk.verify(sourceOf(bytes), context);
      expect(findings).toEqual([]);
      expect(signatures.map((one) => [one.integrity, one.facts.androidScheme])).toEqual(
        schemes.map((scheme) => ["pass", scheme]),
      );
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      const changed = await apk.verify(sourceOf(bytes), context);
      expect(changed.signatures.every(({ integrity }) => integrity === "fail")).toBe(true);
    },
    120_000,
  );
});
