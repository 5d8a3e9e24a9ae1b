/** A receipt proves one decision about one file, offline, and nothing else. */

import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";

interface Receipt {
  envelope: { payload: string; signatures: { sig: string }[] };
  log: { index: string; salt: string; inclusionProof: string[]; checkpoint: string };
}

describe("a receipt", () => {
  let place: Place;
  let other: Place;
  let receipt: Receipt;
  const verify = (...args: string[]) => place.sallyport("receipt", "verify", ...args);

  beforeAll(async () => {
    [place, other] = await Promise.all([makePlace(), makePlace()]);
    await writeFile(place.at("first"), "first");
    await writeFile(place.at("artifact"), "hello");
    await place.sallyport("check", place.at("first"), "--quiet");
    const run = await place.sallyport("check", place.at("artifact"), "--receipt", place.at("out"), "--json");
    await writeFile(place.at("verdict.json"), run.stdout);
    receipt = JSON.parse(await readFile(place.at("out"), "utf8")) as Receipt;
  });
  afterAll(() => Promise.all([place.remove(), other.remove()]));

  it("holds for its file, and says whose key proved it", async () => {
    const run = await verify(place.at("out"), "--artifact", place.at("artifact"));
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("verified with this machine's own key");
    expect(run.stdout).toContain("verdict: hold");
    expect((await verify(place.at("verdict.json"), "--json")).stdout).toContain('"verdict": "hold"');
  });

  it("does not hold inside a document whose verdict was changed", async () => {
    const changed = (await readFile(place.at("verdict.json"), "utf8")).replace(
      '"verdict": "hold"',
      '"verdict": "admit"',
    );
    await writeFile(place.at("changed.json"), changed);
    const run = await verify(place.at("changed.json"));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("the document says admit, and the receipt in it says hold");
  });

  it("does not hold for a file that was changed", async () => {
    await writeFile(place.at("changed"), "hello!");
    const run = await verify(place.at("out"), "--artifact", place.at("changed"));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/\(subject\)/);
    expect(run.stdout).toBe("");
  });

  const turn = (text: string) => (text.startsWith("A") ? "B" : "A") + text.slice(1);
  const FORGERIES: readonly [string, (copy: Receipt) => void, RegExp][] = [
    [
      "another verdict",
      ({ envelope }) => {
        const payload = Buffer.from(envelope.payload, "base64").toString().replace('"hold"', '"admit"');
        envelope.payload = Buffer.from(payload).toString("base64");
      },
      /\(envelope\)/,
    ],
    [
      "another signature",
      ({ envelope: { signatures } }) => {
        for (const one of signatures) one.sig = turn(one.sig);
      },
      /\(envelope\)/,
    ],
    [
      "another salt",
      ({ log }) => {
        log.salt = turn(log.salt);
      },
      /\((inclusion|entry|leaf|proof)[^)]*\)/,
    ],
    [
      "another place in the log",
      ({ log }) => {
        log.index = "0";
      },
      /\((inclusion|entry|leaf|proof)[^)]*\)/,
    ],
    [
      "another proof",
      ({ log }) => {
        log.inclusionProof = log.inclusionProof.map(turn);
      },
      /\((inclusion|entry|leaf|proof)[^)]*\)/,
    ],
    [
      "another checkpoint",
      ({ log }) => {
        log.checkpoint = log.checkpoint.replace("\n2\n", "\n3\n");
      },
      /\(checkpoint\)/,
    ],
  ];
  it.each(FORGERIES)("is refused with %s, naming the step that failed", async (_, forge, step) => {
    const copy = structuredClone(receipt);
    forge(copy);
    await writeFile(place.at("forged"), JSON.stringify(copy));
    const run = await verify(place.at("forged"), "--artifact", place.at("artifact"));
    expect(run.code).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(step);
  });

  it("is believed elsewhere only with the key of whoever decided", async () => {
    const stranger = await other.sallyport("receipt", "verify", place.at("out"));
    expect(stranger.code).toBe(2);
    const key = await place.sallyport("receipt", "key");
    expect(key.stdout).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    await writeFile(place.at("key.pem"), key.stdout);
    const run = await other.sallyport("receipt", "verify", place.at("out"), "--key", place.at("key.pem"));
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("verified with the key given");
    const [, verifierKey = ""] = /verifier key: (\S+)/.exec(key.stderr) ?? [];
    expect((await other.sallyport("receipt", "verify", place.at("out"), "--key", verifierKey)).code).toBe(0);
    const { publicKey } = generateKeyPairSync("ed25519");
    await writeFile(place.at("wrong.pem"), publicKey.export({ type: "spki", format: "pem" }));
    expect(
      (await other.sallyport("receipt", "verify", place.at("out"), "--key", place.at("wrong.pem"))).code,
    ).toBe(2);
  });

  it("can be shown without being believed", async () => {
    const run = await other.sallyport("receipt", "show", place.at("out"));
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^Not verified/);
  });

  it.each([
    ["not JSON", "hello"],
    ["an empty object", "{}"],
    ["null", "null"],
    ["a number", "1"],
    ["deep", "[".repeat(100_000)],
  ])("is not made of %s", async (_, text) => {
    await writeFile(place.at("nonsense"), text);
    for (const command of ["verify", "show"]) {
      const run = await place.sallyport("receipt", command, place.at("nonsense"));
      expect(run.code).toBe(2);
      expect(run.stderr).toContain("nonsense");
      expect(run.stderr).not.toMatch(/\n {4}at /);
    }
  });
});
