/** A catalog that Microsoft signed, and one that nobody signed, from the development data. */
import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { defaultTrust } from "../../trust/default-trust.ts";
import { catalog } from "./index.ts";

const context = (format: string, list?: Buffer) =>
  verifyContext(
    { trust: defaultTrust(), now: new Date("2026-11-25T12:00:00Z"), format },
    list === undefined ? {} : { signatures: [{ name: "a.cat", source: sourceOf(list) }] },
  );

describe.skipIf(corpusFile("relic/packages/hyperv.cat") === undefined)(
  `real catalogs (${NO_CORPUS} otherwise)`,
  () => {
    const read = (path: string) => readFile(corpusFile(path) ?? "");

    it("proves hyperv.cat by Microsoft's signature, and calls its SHA-1 weak", async () => {
      const bytes = await read("relic/packages/hyperv.cat");
      const { signatures, findings } = await catalog.verify(sourceOf(bytes), context("catalog"));
      expect(signatures).toMatchObject([
        { integrity: "pass", signer: { commonName: "Microsoft Windows" }, facts: { members: 22 } },
      ]);
      expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
    });

    it("does not believe wineyes.cat, which lists wineyes.exe and is not signed", async () => {
      const [list, image] = await Promise.all([read("jsign/cat/wineyes.cat"), read("jsign/wineyes.exe")]);
      const { signatures, findings } = await catalog.verify(sourceOf(image), context("pe", list));
      expect(signatures).toEqual([]);
      expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
    });
  },
);
