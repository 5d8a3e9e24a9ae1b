import { createHash } from "node:crypto";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { minisign } from "./index.ts";
import { brought, keyFile, makeKey, signFile, signMessage, verifyFile } from "./signing.fixture.ts";

const key = makeKey();
const DOCUMENT = Buffer.from("a harmless line of text\n".repeat(50));
const sha256 = createHash("sha256").update(DOCUMENT).digest("hex");
const wrong = (because: RegExp) => [
  expect.objectContaining({ check: "integrity", outcome: "fail", because: expect.stringMatching(because) }),
];

describe("a signature of minisign", () => {
  it.each(["ED", "Ed"] as const)("of kind %s counts for the key the person gave", async (algorithm) => {
    const { signatures, findings } = await verifyFile(
      DOCUMENT,
      signFile(key, DOCUMENT, { algorithm }),
      keyFile(key),
    );
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "known-key",
        namedBy: "--key a.pub",
        signer: { subject: "a key for tests" },
        facts: { trustedComment: "timestamp:1700000000 file:a.txt" },
      },
    ]);
  });

  it("may come with Windows' line ends, and the key as one line of base64", async () => {
    const signature = Buffer.from(signFile(key, DOCUMENT).toString().replaceAll("\n", "\r\n"));
    const line = Buffer.from(keyFile(key).toString().split("\n")[1] ?? "");
    expect((await verifyFile(DOCUMENT, signature, line)).findings).toEqual([]);
  });

  it("is unknown without its key, and with another's", async () => {
    for (const file of [undefined, keyFile(makeKey())])
      expect(await verifyFile(DOCUMENT, signFile(key, DOCUMENT), file)).toMatchObject({
        signatures: [{ integrity: "unknown", trust: "unknown-key" }],
        findings: [{ check: "integrity", outcome: "unknown" }],
      });
  });

  it("is wrong for another file, another key of the same number, and a changed trusted comment", async () => {
    const signature = signFile(key, DOCUMENT);
    const other = Buffer.concat([DOCUMENT, Buffer.from("\n")]);
    expect((await verifyFile(other, signature, keyFile(key))).findings).toEqual(
      wrong(/not those that were signed/),
    );
    const twin = keyFile(makeKey(key.id));
    expect((await verifyFile(DOCUMENT, signature, twin)).findings).toEqual(
      wrong(/not those that were signed/),
    );
    const renamed = Buffer.from(signature.toString().replace("file:a.txt", "file:b.txt"));
    const { signatures, findings } = await verifyFile(DOCUMENT, renamed, keyFile(key));
    expect(findings).toEqual(wrong(/trusted comment was changed/));
    expect(signatures[0]?.facts).not.toHaveProperty("trustedComment");
  });

  it("over a digest is over the file that has it, and the other way round over nothing", async () => {
    const digest: Buffer = createHash("blake2b512").update(DOCUMENT).digest();
    const old = signFile(key, digest, { algorithm: "Ed" });
    expect((await verifyFile(digest, old, keyFile(key))).findings).toEqual([]);
    const claimed = Buffer.from(old.toString().replace(/^RW/m, "RU"));
    expect((await verifyFile(DOCUMENT, claimed, keyFile(key))).signatures).toMatchObject([
      { integrity: "pass" },
    ]);
    expect((await verifyFile(digest, claimed, keyFile(key))).findings).toEqual(wrong(/not those/));
  });

  it("by a key of small order is not believed", async () => {
    // The neutral point as key: R = S·B fits every message. S = 0, R the neutral point again.
    const neutral = Buffer.from(`01${"00".repeat(31)}`, "hex");
    const weak = { ...key, point: neutral };
    const value = Buffer.concat([neutral, Buffer.alloc(32)]);
    const blob = Buffer.concat([Buffer.from("Ed"), key.id, value]).toString("base64");
    const { signatures } = await verifyFile(
      DOCUMENT,
      Buffer.from(`untrusted comment: x\n${blob}\n`),
      keyFile(weak),
    );
    expect(signatures[0]?.trust).not.toBe("known-key");
  });

  it("is broken with anything left out, doubled or put behind it", async () => {
    const lines = signFile(key, DOCUMENT).toString().split("\n");
    const files = [
      [lines[0], lines[1], lines[2]],
      [lines[0], lines[1], lines[2], lines[3], "more"],
      [lines[0], lines[1], lines[2], "AAAA"],
      [lines[0], lines[1], "text of another kind"],
      [lines[0], lines[1], `trusted comment: ${"x".repeat(10_000)}`, lines[3]],
    ];
    for (const file of files)
      expect(
        (await verifyFile(DOCUMENT, Buffer.from(`${file.join("\n")}\n`), keyFile(key))).findings,
      ).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });

  it("cut off anywhere is not believed", async () => {
    const signature = signFile(key, DOCUMENT);
    for (let length = 0; length < signature.length - 1; length += 1) {
      const { signatures } = await verifyFile(DOCUMENT, signature.subarray(0, length), keyFile(key));
      expect(
        signatures.some(({ integrity }) => integrity === "pass"),
        `${length} bytes`,
      ).toBe(false);
    }
  });
});

describe("a list signed by signify", () => {
  const list = `SHA256 (other.tgz) = ${"0".repeat(64)}\nSHA256 (base.tgz) = ${sha256}\n`;

  it("vouches for the files in it", async () => {
    const { signatures, findings } = await verifyFile(DOCUMENT, signMessage(key, list), keyFile(key));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([{ trust: "known-key", facts: { listedAs: "base.tgz" } }]);
  });

  it("vouches for no other file, and not after it was changed", async () => {
    const other = Buffer.from("other");
    expect((await verifyFile(other, signMessage(key, list), keyFile(key))).findings).toEqual(
      wrong(/does not have the file/),
    );
    const added = `${list}SHA256 (other) = ${createHash("sha256").update(other).digest("hex")}\n`;
    const forged = Buffer.from(signMessage(key, list).toString().replace(list, added));
    expect((await verifyFile(other, forged, keyFile(key))).findings).toEqual(
      wrong(/not those that were signed/),
    );
  });

  it("is no list when anything else stands in it", async () => {
    const mixed = `a statement\n${list}`;
    expect((await verifyFile(DOCUMENT, signMessage(key, mixed), keyFile(key))).findings).toEqual(
      wrong(/no list of digests/),
    );
  });
});

it("may be over a list of digests that is brought along", async () => {
  const list = `${sha256}  a.txt\n`;
  const verifyWith = (text: string) =>
    minisign.verify(
      sourceOf(DOCUMENT),
      verifyContext(
        { format: "data", trust: { anchors: [], revocationLists: [], hash: "" } },
        {
          signatures: [
            brought("SHA256SUMS", Buffer.from(text)),
            brought("a.minisig", signFile(key, Buffer.from(list))),
          ],
          keys: [brought("a.pub", keyFile(key))],
        },
      ),
    );
  expect(await verifyWith(list)).toMatchObject({
    findings: [],
    signatures: [{ trust: "known-key", facts: { listedAs: "a.txt" } }],
  });
  expect((await verifyWith(`${list}${list}`)).findings).toEqual([
    ...wrong(/not those that were signed/),
    expect.objectContaining({ outcome: "unknown", because: expect.stringMatching(/SHA256SUMS was brought/) }),
  ]);
});

it("claims its own files by what is in them", async () => {
  const own = [brought("a.sig", signFile(key, DOCUMENT)), brought("a.pub", keyFile(key))] as const;
  const noise = brought("a.minisig", Buffer.from("untrusted comment: nothing\nnothing\n"));
  const claimed = await minisign.claims?.({ label: "", signatures: [own[0], noise], keys: [own[1], noise] });
  expect(claimed).toEqual(own);
});
