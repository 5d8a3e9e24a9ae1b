/** An Android package out of npm that its makers signed the old way as well. */

import { readFile } from "node:fs/promises";
import { npmFile, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { jar } from "./index.ts";

const NO_TRUST = { anchors: [], revocationLists: [], hash: "" };
const FILE = {
  package: "appium-uiautomator2-server",
  version: "10.6.6",
  integrity:
    "sha512-Ae7mB19OcLkEBi/U/r9eKnCmCJHV5iNf2/HYYHstuP7iWGCTXj1WXfIC++7fBfGWdSZVDoWc6nJO8miZInE1Wg==",
};

describe("an Android package", () => {
  it("is covered by its signature, member by member", async () => {
    const path = await npmFile({ ...FILE, path: "apks/appium-uiautomator2-server-debug-androidTest.apk" });
    const bytes = await readFile(path);
    const context = verifyContext({ format: "apk", trust: NO_TRUST });
    const { signatures, findings } = await jar.verify(sourceOf(bytes), context);
    expect(signatures).toMatchObject([
      { integrity: "pass", trust: "self-signed", digestAlgorithm: "sha256" },
    ]);
    expect(findings).toEqual([]);
    // It says that it was signed by schemes of Android as well: without them it is not what was signed.
    const at = bytes.indexOf("APK Sig Block 42", 0, "latin1");
    bytes.fill(0, at, at + 16);
    expect((await jar.verify(sourceOf(bytes), context)).signatures).toMatchObject([{ integrity: "fail" }]);
  }, 120_000);
});
