import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { contextWith, rootWith } from "../check.fixture.ts";
import { publishedHash } from "./index.ts";

const BYTES = Buffer.from("an installer");
const digest = (algorithm: string, bytes = BYTES) => createHash(algorithm).update(bytes).digest("hex");
const OTHER = Buffer.from("another installer");
const artifact = rootWith({ sha256: digest("sha256") });
const examine = (text: string, options: { label?: string; digests?: boolean } = {}) =>
  publishedHash.examine?.({
    artifact,
    context: contextWith({
      label: options.label ?? "downloads/setup.exe",
      published: { name: "SHA256SUMS", text },
      ...(options.digests === false ? {} : { rootDigest: async (algorithm: string) => digest(algorithm) }),
    }),
  });

describe("published-hash", () => {
  it("is not checked without a publication", async () => {
    expect(await publishedHash.examine?.({ artifact, context: contextWith({}) })).toHaveProperty(
      "notChecked",
    );
  });

  it.each(["sha256", "sha384", "sha512"])("passes an equal %s beside the file's name", async (algorithm) => {
    expect(await examine(`${digest(algorithm)}  setup.exe`)).toMatchObject({
      outcome: "pass",
      facts: { algorithm },
    });
  });

  it("fails another hash beside the file's name, though the same file has an equal one under another name", async () => {
    const text = `${digest("sha256", OTHER)}  setup.exe\n${digest("sha256")}  old-setup.exe\n`;
    expect(await examine(text)).toMatchObject({ outcome: "fail" });
    expect(await examine(text.replace("setup.exe", "Setup.EXE"))).toMatchObject({ outcome: "fail" });
  });

  it("fails when one of several digests differs", async () => {
    const text = `${digest("sha256")}  setup.exe\n${digest("sha512", OTHER)}  setup.exe\n`;
    expect(await examine(text)).toMatchObject({ outcome: "fail" });
  });

  it("accepts one of several files of the same name", async () => {
    const text = `${digest("sha256", OTHER)}  arm64/setup.exe\n${digest("sha256")}  x64/setup.exe\n`;
    expect(await examine(text)).toMatchObject({ outcome: "pass" });
  });

  it.each(["md5", "sha1"])(
    "takes an equal %s for no proof, and another one for a contradiction",
    async (algorithm) => {
      expect(await examine(`${digest(algorithm)}  setup.exe`)).toMatchObject({ outcome: "unknown" });
      expect(await examine(`${digest(algorithm, OTHER)}  setup.exe`)).toMatchObject({ outcome: "fail" });
      expect(await examine(`${digest(algorithm)}  renamed.exe`)).toMatchObject({ outcome: "unknown" });
    },
  );

  it("judges a single hash that names no file", async () => {
    expect(await examine(digest("sha256"))).toMatchObject({ outcome: "pass" });
    expect(await examine(digest("sha256", OTHER))).toMatchObject({ outcome: "fail" });
  });

  it("says so when the publication does not mention the file", async () => {
    const text = `${digest("sha256", OTHER)}  other.exe`;
    expect(await examine(text)).toMatchObject({
      outcome: "unknown",
      because: expect.stringContaining("does not mention setup.exe"),
    });
  });

  it("passes the same bytes under another name, naming it", async () => {
    const text = `${digest("sha256")}  setup-1.2.exe`;
    expect(await examine(text)).toMatchObject({
      outcome: "pass",
      because: expect.stringContaining("setup-1.2.exe"),
    });
  });

  it("is unknown when the digest cannot be computed, or the publication cannot be read", async () => {
    expect(await examine(`${digest("sha512")}  setup.exe`, { digests: false })).toMatchObject({
      outcome: "unknown",
    });
    for (const text of ["", "no hash here", "{", "sha512: [", "x".repeat(9_000_000)])
      expect(await examine(text)).toMatchObject({ outcome: "unknown" });
  });
});
