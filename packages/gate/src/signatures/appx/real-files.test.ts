/** Packages as signtool and relic signed them; no package of Debian or npm carries one. */

import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { NOW } from "../authenticode/signing.fixture.ts";
import { appx } from "./index.ts";

describe("packages that others signed", () => {
  const RELIC = corpusFile("relic/packages/App1_1.0.3.0_x64.appx");
  if (RELIC === undefined) console.warn(`skipped: ${NO_CORPUS}`);
  it.skipIf(RELIC === undefined).each([
    ["relic/packages/App1_1.0.3.0_x64.appx", "relic/public-keys/ralph.crt"],
    ["jsign/minimal-signed-by-signtool.msix", "jsign/certificates/jsign-2022-chain-public.pem"],
  ])("%s is believed with its key", async (path, key) => {
    const anchors = withAnchorsFromPem(
      { anchors: [], revocationLists: [], hash: "" },
      await readFile(corpusFile(key) ?? ""),
      key,
    );
    const bytes = await readFile(corpusFile(path) ?? "");
    const context = verifyContext({ format: "appx", trust: anchors, now: NOW });
    expect(await appx.verify(sourceOf(bytes), context)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
  });
});
