import { describe, expect, it } from "vitest";
import type { Fact } from "../../fact.ts";
import type { SkippedRow } from "../../source.ts";
import { contextWith, filesOf } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { buildList, makeParty } from "./authroot.fixture.ts";
import { authroot } from "./index.ts";
import { listSigner, publisher, roots, sample, trustedKeys } from "./sample.fixture.ts";

async function readAll(files: Readonly<Record<string, Uint8Array>>, keys = trustedKeys) {
  const facts: Fact[] = [];
  const skipped: SkippedRow[] = [];
  const context = { ...contextWith((row) => skipped.push(row)), trustedKeys: keys };
  for await (const fact of authroot.read(filesOf(files), context)) facts.push(fact);
  return { facts, skipped };
}
const [one, two] = roots;
const listWith = (parts: Partial<Parameters<typeof buildList>[0]>) => ({
  ...sample,
  "authroot.stl": buildList({
    entries: [{ certificate: one.certificate }],
    signer: listSigner,
    along: [listSigner],
    ...parts,
  }),
});
const signatureError = (message: RegExp) => ({
  code: "feed.signature",
  message: expect.stringMatching(message),
});

describe("authroot", () => {
  it("names each authority with what it is trusted for, and since when no more", async () => {
    const { facts, skipped } = await readAll(sample);
    expect(skipped).toEqual([]);
    expect(facts).toMatchObject([
      { kind: "trust", form: "certificate", name: "One", purposes: ["code-signing", "timestamping"] },
      {
        name: "Two",
        distrustedFrom: "2025-06-01",
        text: expect.stringMatching(/^-----BEGIN CERT/),
      },
    ]);
    expect(facts[0]).not.toHaveProperty("distrustedFrom");
  });

  it("is of when the list was made", async () => {
    const context = { ...contextWith(), trustedKeys };
    expect(await authroot.asOf?.(filesOf(sample), context)).toBe("2026-01-02T03:04:05.000Z");
  });

  it("counts under the signer's own key, and without signed attributes", async () => {
    expect((await readAll(sample, [listSigner.publicKeyPem])).facts).toHaveLength(2);
    expect((await readAll(listWith({ withoutAttributes: true }))).facts).toHaveLength(1);
  });

  it("tells how many certificates did not come along", async () => {
    const { "one.crt": _, ...files } = sample;
    const { facts, skipped } = await readAll(files);
    expect(facts).toHaveLength(1);
    expect(skipped).toMatchObject([
      { because: "1 authorities are named whose certificates did not come along" },
    ]);
  });

  it("takes list and certificates out of a folder that was brought", async () => {
    const folder = buildTar({ "authroot.stl": sample["authroot.stl"] ?? "", "x/one.crt": one.certificate });
    const { facts } = await readAll({ "authroot.tar": folder });
    expect(facts).toMatchObject([{ name: "One" }]);
    expect(authroot.recognises?.("x.tar", folder)).toBe(true);
  });

  it("believes the SHA-256 where a certificate only has the right SHA-1", async () => {
    const { facts, skipped } = await readAll(
      listWith({ entries: [{ certificate: one.certificate, sha256: Buffer.alloc(32) }] }),
    );
    expect(facts).toEqual([]);
    expect(skipped).toMatchObject([{ because: expect.stringMatching(/not the one whose SHA-256/) }]);
  });

  it("recognises a list by its name or its content", () => {
    expect(authroot.recognises?.("x", sample["authroot.stl"] ?? Buffer.alloc(0))).toBe(true);
    expect(authroot.recognises?.("authroot.stl", Buffer.alloc(0))).toBe(true);
    expect(authroot.recognises?.("x", two.certificate)).toBe(false);
  });
});

describe("authroot, forged", () => {
  it("counts for nothing without a key that is trusted here", async () => {
    await expect(readAll(sample, [])).rejects.toMatchObject(
      signatureError(/signed by CN=Example List Signer, and no key/),
    );
    await expect(readAll(sample, [makeParty("Other").publicKeyPem])).rejects.toMatchObject(
      signatureError(/no key that is trusted/),
    );
    await expect(readAll(sample, ["nonsense"])).rejects.toMatchObject(
      signatureError(/no key that is trusted/),
    );
    expect((await readAll(sample, ["an OpenPGP key", ...trustedKeys])).facts).toHaveLength(2);
  });

  it("counts for nothing when it was changed after it was signed", async () => {
    const forge = (list: Buffer) => {
      list[list.length - 1] = (list.at(-1) ?? 0) ^ 1;
      return list;
    };
    await expect(readAll(listWith({ forge }))).rejects.toMatchObject(
      signatureError(/does not match, or it was changed/),
    );
    await expect(readAll(listWith({ forge, withoutAttributes: true }))).rejects.toMatchObject(
      signatureError(/does not match/),
    );
  });

  it("does not let an end certificate vouch for another", async () => {
    const middle = makeParty("Middle", publisher);
    const signer = makeParty("Signer", middle);
    await expect(readAll(listWith({ signer, along: [signer, middle] }))).rejects.toMatchObject(
      signatureError(/no key that is trusted/),
    );
  });

  it("has to bring its signer along", async () => {
    await expect(readAll(listWith({ along: [] }))).rejects.toMatchObject(signatureError(/does not match/));
  });

  it("throws wherever it is cut off, and whatever is flipped in it", async () => {
    const whole = Buffer.from(sample["authroot.stl"] ?? Buffer.alloc(0));
    for (let length = 0; length < whole.length; length += 23)
      await expect(readAll({ "a.stl": whole.subarray(0, length) }), String(length)).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
    for (let at = 0; at < whole.length; at += 31) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const result = await readAll({ ...sample, "authroot.stl": changed }).catch((error: Error) => error);
      if (result instanceof Error)
        expect(result, `${at}`).toMatchObject({ code: expect.stringMatching(/^feed\./) });
      // What the signature does not cover may differ; what it covers may not.
      else expect(result.facts).toHaveLength(2);
    }
  });

  it("is no list when it is something else", async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("garbage"),
      one.certificate,
      Buffer.alloc(1 << 16, 0x30),
    ])
      await expect(readAll({ "a.stl": bytes })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });
});
