/** osslsigncode signs catalogs, we verify; we sign, osslsigncode verifies; openssl reads what we build. */

import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS, osslsigncodeSince, sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeCatalog } from "../../replica/catalog.ts";
import { imageDigest } from "../../replica/pe-image.ts";
import { openWorkshop } from "../authenticode/osslsigncode.fixture.ts";
import { image, NOW, signer, trust } from "../authenticode/signing.fixture.ts";
import { catalog } from "./index.ts";

const program = await osslsigncodeSince(5);
if (typeof program === "string") console.warn(`skipped: ${program}`);

describe.skipIf(typeof program === "string")("osslsigncode", () => {
  const { at, call, keys } = openWorkshop(program);

  async function sign(list: Buffer): Promise<Buffer> {
    await writeFile(at("list.cat"), list);
    await rm(at("signed.cat"), { force: true });
    await call("sign", ...keys(), "-h", "sha256", "-in", at("list.cat"), "-out", at("signed.cat"));
    return readFile(at("signed.cat"));
  }

  const judge = (bytes: Buffer, format: string, list?: Buffer) =>
    catalog.verify(
      sourceOf(bytes),
      verifyContext(
        { trust, now: NOW, format },
        list === undefined ? {} : { signatures: [{ name: "a.cat", source: sourceOf(list) }] },
      ),
    );

  it("signs a catalog that we believe, and that vouches for its file", async () => {
    const file = Buffer.from("a file\n");
    const digest = createHash("sha256").update(file).digest();
    const member = { digest, algorithm: "sha256" as const };
    // It takes no list of less than 256 bytes for a catalog.
    const list = await sign(
      writeCatalog({
        members: [1, 2, 3].map((fill) => ({
          ...member,
          digest: fill === 2 ? digest : Buffer.alloc(32, fill),
        })),
      }),
    );
    for (const result of [await judge(list, "catalog"), await judge(file, "data", list)]) {
      expect(result.findings).toEqual([]);
      expect(result.signatures).toMatchObject([{ integrity: "pass", trust: "valid-now" }]);
    }
  });

  it("believes a program by a catalog that we signed", async () => {
    const members = [{ digest: imageDigest(image, "sha256"), algorithm: "sha256" as const }];
    await writeFile(at("ours.cat"), writeCatalog({ members, signer }));
    await writeFile(at("image.exe"), image);
    const files = ["-catalog", at("ours.cat"), "-in", at("image.exe")];
    const { stdout } = await call("verify", "-CAfile", at("root.pem"), ...files);
    expect(stdout).toContain("Succeeded");
  });

  const LISTED = ["exe", "msi", "ps1", "psc1", "mof", "js", "ex_"].map((ending) => `unsigned.${ending}`);
  it.skipIf(corpusFile("osslsigncode/unsigned.cat") === undefined)(
    `finds every file that makecat listed (${NO_CORPUS} otherwise)`,
    async () => {
      const list = await sign(await readFile(corpusFile("osslsigncode/unsigned.cat") ?? ""));
      for (const name of LISTED) {
        const bytes = await readFile(corpusFile(`osslsigncode/${name}`) ?? "");
        const format = name.endsWith("exe") ? "pe" : name.endsWith("ex_") ? "cab" : "data";
        const { signatures, findings } = await judge(bytes, format, list);
        expect([name, findings]).toEqual([name, []]);
        expect(signatures).toMatchObject([
          { integrity: "pass", trust: "valid-now", facts: { listedBy: "sha256" } },
        ]);
      }
      const stranger = await readFile(corpusFile("osslsigncode/unsigned.256appx") ?? "");
      expect((await judge(stranger, "appx", list)).findings).toMatchObject([
        { check: "integrity", outcome: "fail" },
      ]);
    },
  );
});
