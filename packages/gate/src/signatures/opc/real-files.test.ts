/** An extension of Visual Studio as relic signed it; no package of Debian or npm carries a signed one. */

import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { NOW } from "../authenticode/signing.fixture.ts";
import { opc } from "./index.ts";

describe("an extension that others signed", () => {
  const file = corpusFile("relic/packages/VSIXProject1.vsix");
  const key = corpusFile("relic/public-keys/ralph.crt");
  if (file === undefined) console.warn(`skipped: ${NO_CORPUS}`);
  it.skipIf(file === undefined)("is believed with its key", async () => {
    const none = { anchors: [], revocationLists: [], hash: "" };
    const anchors = withAnchorsFromPem(none, await readFile(key ?? ""), "ralph.crt");
    const context = verifyContext({ format: "vsix", trust: anchors, now: NOW });
    expect(await opc.verify(sourceOf(await readFile(file ?? "")), context)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
  });
});
