import { describe, expect, it } from "vitest";
import { contextWith, rootWith } from "../check.fixture.ts";
import { expectedHash } from "./index.ts";

const artifact = rootWith({ sha256: "ab".repeat(32) });
const examine = async (hash?: string) =>
  expectedHash.examine?.({ artifact, context: contextWith({ expectedHash: hash }) });

describe("expected-hash", () => {
  it("passes the hash expected, in either case", async () => {
    expect(await examine(`sha256:${"ab".repeat(32)}`)).toMatchObject({ outcome: "pass" });
    expect(await examine(`sha256:${"AB".repeat(32)}`)).toMatchObject({ outcome: "pass" });
  });

  it("fails another hash, showing both", async () => {
    expect(await examine(`sha256:${"ac".repeat(32)}`)).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(/abab.*acac/),
    });
  });

  it("is not checked when nothing is expected, and refuses what is no hash", async () => {
    expect(await examine()).toHaveProperty("notChecked");
    for (const hash of ["", "abab", "ab".repeat(32), `sha256:${"ab".repeat(31)}`])
      await expect(examine(hash)).rejects.toMatchObject({ code: "usage.value" });
  });
});
