import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { sigstoreRoot } from "./index.ts";
import { root, sample } from "./sample.fixture.ts";

describe("sigstore-root", () => {
  it("keeps the root as it stands", async () => {
    const text = JSON.stringify(root);
    expect((await readAll(sigstoreRoot, sample)).facts).toEqual([
      {
        kind: "trust",
        form: "sigstore-root",
        name: "Example",
        sha256: createHash("sha256").update(text).digest("hex"),
        text,
        purposes: ["code-signing", "timestamping"],
      },
    ]);
  });

  it("reads the public root that comes with the program", async () => {
    const file = new URL("../../../../gate/src/signatures/sigstore/trusted-root.json", import.meta.url);
    expect((await readAll(sigstoreRoot, { "trusted_root.json": readFileSync(file) })).facts).toMatchObject([
      { name: "sigstore.dev" },
    ]);
  });

  it.each<[string, unknown, RegExp]>([
    ["no root", {}, /"mediaType" is missing/],
    ["another type", { ...root, mediaType: "application/json" }, /is not that of a trusted root/],
    ["no authorities", { ...root, certificateAuthorities: [] }, /"certificateAuthorities" is empty/],
    [
      "no certificates",
      { ...root, certificateAuthorities: [{ certChain: { certificates: [] } }] },
      /"certificates" is empty/,
    ],
    ["no logs", { ...root, tlogs: undefined }, /"tlogs" is missing/],
    ["a key that is none", { ...root, tlogs: [{ publicKey: { rawBytes: "?" } }] }, /is no base64/],
    ["a list", [root], /"mediaType" is missing/],
  ])("takes nothing of %s", async (_, value, message) => {
    await expect(readAll(sigstoreRoot, { "trusted_root.json": JSON.stringify(value) })).rejects.toMatchObject(
      {
        code: "feed.malformed",
        message: expect.stringMatching(message),
      },
    );
  });

  it("throws wherever it is cut off", async () => {
    const whole = sample["trusted_root.json"] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 5)
      await expect(readAll(sigstoreRoot, { "r.json": whole.subarray(0, length) })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });
});
