import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  armour,
  certificateOf,
  type FixtureKey,
  flags,
  makeKey,
  packet,
  type SignatureOptions,
  signBytes,
  subkeyOf,
  subpacket,
} from "@sallyport/openpgp/signing.fixture";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildCpio } from "../../formats/cpio/cpio.fixture.ts";
import {
  cpioOf,
  FILES,
  type RpmParts,
  type RpmTags,
  sha256,
  writeRpm,
} from "../../formats/rpm/rpm.fixture.ts";
import { SIGNATURE_TAG, TAG } from "../../formats/rpm/tags.ts";
import { rpmSignature } from "./index.ts";

const key = makeKey();
const trust = { anchors: [], revocationLists: [], hash: "" };

const verify = (bytes: Buffer, keys: Buffer[] = [certificateOf(key)]) =>
  rpmSignature.verify(
    sourceOf(bytes),
    verifyContext(
      { format: "rpm", trust },
      { keys: keys.map((one, at) => ({ name: `key-${at}.gpg`, source: sourceOf(one) })) },
    ),
  );

const signed = (by: FixtureKey, document: Buffer, options?: SignatureOptions) =>
  packet(2, signBytes(by, document, options));

/** Signed over the header, as version 4 does it. */
const version4 = (more: (header: Buffer) => RpmTags = () => []): RpmParts => ({
  signatureTags: ({ header }) => [[SIGNATURE_TAG.dsaHeader, signed(key, header)], ...more(header)],
});

const outcomes = ({ signatures, findings }: Awaited<ReturnType<typeof verify>>) => ({
  integrity: signatures.map(({ integrity }) => integrity),
  trust: signatures.map((report) => report.trust),
  findings: findings.map(({ check, outcome }) => `${check} ${outcome}`),
});

it("verifies signatures of versions 3, 4 and 6, and reports them all", async () => {
  const result = await verify(
    writeRpm({
      signatureTags: ({ header, payload }) => [
        [SIGNATURE_TAG.dsaHeader, signed(key, header)],
        [SIGNATURE_TAG.gpg, signed(key, Buffer.concat([header, payload]))],
        [
          SIGNATURE_TAG.openPgp,
          [signed(key, header), signed(key, header)].map((one) => one.toString("base64")),
        ],
      ],
    }),
  );
  expect(outcomes(result)).toEqual({
    integrity: ["pass", "pass", "pass", "pass"],
    trust: ["known-key", "known-key", "known-key", "known-key"],
    findings: [],
  });
  expect(result.signatures.map(({ facts }) => facts.over)).toEqual([
    "header",
    "header and payload",
    "header",
    "header",
  ]);
  expect(result.signatures[0]?.namedBy).toBe("--key key-0.gpg");
});

/** Version 6 has neither MD5 nor sizes, and three digests of the payload. */
const version6 = (change: RpmTags = []): Buffer => {
  const payload = gzipSync(cpioOf(FILES));
  const digest = (algorithm: string) => createHash(algorithm).update(payload).digest("hex");
  const gone = [SIGNATURE_TAG.sha1Header, SIGNATURE_TAG.size, SIGNATURE_TAG.md5, SIGNATURE_TAG.reservedSpace];
  return writeRpm({
    payload,
    tags: [
      [TAG.rpmFormat, { int32: [6] }],
      [TAG.payloadDigestAlgorithm, []],
      [TAG.payloadSha512, digest("sha512")],
      [TAG.payloadSha3, digest("sha3-256")],
      ...change,
    ],
    signatureTags: ({ header }) => [
      ...gone.map((tag) => [tag, []] as const),
      [SIGNATURE_TAG.sha3Header, createHash("sha3-256").update(header).digest("hex")],
      [SIGNATURE_TAG.openPgp, [signed(key, header).toString("base64")]],
      [SIGNATURE_TAG.reserved, Buffer.alloc(500)],
    ],
  });
};

it("verifies a package of version 6, and none with any of its digests wrong", async () => {
  expect(outcomes(await verify(version6()))).toEqual({
    integrity: ["pass"],
    trust: ["known-key"],
    findings: [],
  });
  for (const tag of [TAG.payloadSha256, TAG.payloadSha512, TAG.payloadSha3]) {
    const { signatures, findings } = await verify(version6([[tag, ["0".repeat(64)]]]));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings.length).toBeGreaterThan(0);
  }
});

it("says nothing of a package that nobody signed, unless its digests are wrong", async () => {
  expect(await verify(writeRpm())).toEqual({ signatures: [], findings: [] });
  const wrong = [
    [SIGNATURE_TAG.sha256Header, "0".repeat(64)],
    [SIGNATURE_TAG.sha1Header, "0".repeat(40)],
    [SIGNATURE_TAG.sha3Header, "0".repeat(64)],
    [SIGNATURE_TAG.md5, Buffer.alloc(16)],
  ] as const;
  for (const tag of wrong) {
    const result = await verify(writeRpm({ signatureTags: () => [tag] }));
    expect(outcomes(result), String(tag[0])).toMatchObject({ findings: ["integrity fail"] });
  }
});

describe("a signature of the header alone", () => {
  it("does not verify when the payload is another than the header says", async () => {
    for (const tags of [
      [[TAG.payloadSha256, ["0".repeat(64)]]],
      [[TAG.payloadSha512, "0".repeat(128)]],
      [[TAG.payloadSha3, "0".repeat(64)]],
    ] as RpmTags[]) {
      const { signatures, findings } = await verify(writeRpm({ ...version4(), tags }));
      expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
      expect(signatures[0]).not.toHaveProperty("namedBy");
      expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "fail" }));
    }
  });

  it("takes the digest of the unpacked payload for one that is kept unpacked", async () => {
    const payload = cpioOf(FILES);
    const tags: RpmTags = [
      [TAG.payloadSha256, [sha256(gzipSync(payload))]],
      [TAG.payloadSha256Alternative, [sha256(payload)]],
    ];
    expect(outcomes(await verify(writeRpm({ ...version4(), payload, tags })))).toEqual({
      integrity: ["pass"],
      trust: ["known-key"],
      findings: [],
    });
  });

  it("rests on the digests of the files where there is none of the payload, and not on MD5", async () => {
    const without: RpmTags = [[TAG.payloadSha256, []]];
    const strong = await verify(writeRpm({ ...version4(), tags: without }));
    expect(outcomes(strong).integrity).toEqual(["pass"]);
    const weak: RpmTags = [...without, [TAG.fileDigestAlgorithm, { int32: [1] }]];
    const result = outcomes(await verify(writeRpm({ ...version4(), tags: weak })));
    expect(result).toEqual({
      integrity: ["unknown"],
      trust: ["unknown-key"],
      findings: ["integrity unknown"],
    });
    const both: RpmParts = {
      tags: weak,
      signatureTags: ({ header, payload }) => [
        [SIGNATURE_TAG.gpg, signed(key, Buffer.concat([header, payload]))],
      ],
    };
    expect(outcomes(await verify(writeRpm(both))).integrity).toEqual(["pass"]);
  });

  it("needs no digest of the payload where another signature is over the payload", async () => {
    const old: RpmTags = [
      [TAG.payloadSha256, []],
      [TAG.fileDigestAlgorithm, { int32: [1] }],
    ];
    const both = (by: FixtureKey): RpmParts => ({
      tags: old,
      signatureTags: ({ header, payload }) => [
        [SIGNATURE_TAG.dsaHeader, signed(key, header)],
        [SIGNATURE_TAG.gpg, signed(by, Buffer.concat([header, payload]))],
      ],
    });
    expect(outcomes(await verify(writeRpm(both(key))))).toEqual({
      integrity: ["pass", "pass"],
      trust: ["known-key", "known-key"],
      findings: [],
    });
    expect(outcomes(await verify(writeRpm(both(makeKey())))).integrity).toEqual(["unknown", "unknown"]);
  });

  it("does not rest on digests of files when one of them has none", async () => {
    const files = [...FILES, { name: "/usr/share/sample/b.txt", bytes: "more", digest: "" }];
    const loose = await verify(writeRpm({ ...version4(), files, tags: [[TAG.payloadSha256, []]] }));
    expect(outcomes(loose).integrity).toEqual(["unknown"]);
    const bound = await verify(writeRpm({ ...version4(), files }));
    expect(outcomes(bound).integrity).toEqual(["pass"]);
  });

  it("is not one of a text", async () => {
    const text = (header: Buffer) =>
      Buffer.from(header.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
    const result = await verify(
      writeRpm({
        signatureTags: ({ header }) => [[SIGNATURE_TAG.dsaHeader, signed(key, text(header), { type: 1 })]],
      }),
    );
    expect(outcomes(result).integrity).toEqual(["fail"]);
  });

  it("is unknown with a digest that is not known here, or only a weak one", async () => {
    const noFiles: RpmParts = { files: [], payload: gzipSync(buildCpio("newc", [])) };
    for (const algorithm of [99, 1, 2]) {
      const tags: RpmTags = [
        [TAG.payloadSha256, ["0".repeat(64)]],
        [TAG.payloadDigestAlgorithm, { int32: [algorithm] }],
        [TAG.fileDigestAlgorithm, { int32: [1] }],
      ];
      const { signatures } = await verify(writeRpm({ ...noFiles, ...version4(), tags }));
      expect(signatures[0]?.integrity).not.toBe("pass");
    }
  });
});

describe("keys", () => {
  const withKey = (bytes: Buffer, ...keys: Buffer[]) => verify(bytes, keys);

  it("are unknown when nobody brought them", async () => {
    const package4 = writeRpm(version4());
    for (const keys of [[], [certificateOf(makeKey())]])
      expect(outcomes(await withKey(package4, ...keys))).toEqual({
        integrity: ["unknown"],
        trust: ["unknown-key"],
        findings: ["integrity unknown"],
      });
  });

  it("that expired or were revoked before do not count", async () => {
    const expired = certificateOf(key, "A <a@example.org>", {
      hashed: [flags(3), subpacket(9, Buffer.from([0, 0, 0, 1]))],
    });
    const later: RpmParts = {
      signatureTags: ({ header }) => [
        [SIGNATURE_TAG.dsaHeader, signed(key, header, { at: new Date("2024-06-01T00:00:00Z") })],
      ],
    };
    expect(outcomes(await withKey(writeRpm(later), expired))).toMatchObject({ trust: ["expired"] });
    const revocation = packet(2, signBytes(key, key.hashed, { type: 0x20 }));
    const whole = certificateOf(key);
    const first = packet(6, key.body).length;
    const revoked = Buffer.concat([whole.subarray(0, first), revocation, whole.subarray(first)]);
    expect(outcomes(await withKey(writeRpm(later), revoked))).toMatchObject({ trust: ["revoked"] });
  });

  it("below another count only when that one vouches for them and they for it", async () => {
    const primary = makeKey();
    const bound = Buffer.concat([certificateOf(primary), subkeyOf(primary, key)]);
    expect(outcomes(await withKey(writeRpm(version4()), bound)).trust).toEqual(["known-key"]);
    for (const wrong of [
      subkeyOf(primary, key, { by: key }),
      subkeyOf(primary, key, { withBack: false }),
      packet(14, key.body),
    ]) {
      const unbound = Buffer.concat([certificateOf(primary), wrong]);
      expect(outcomes(await withKey(writeRpm(version4()), unbound)).trust).not.toEqual(["known-key"]);
    }
  });
});

describe("the signature header, which nobody signs", () => {
  const HIDDEN: [string, RpmTags][] = [
    ["an unknown tag", [[280, Buffer.alloc(5000, "x")]]],
    ["reserved room that is not empty", [[SIGNATURE_TAG.reservedSpace, Buffer.from("hidden")]]],
    ["more than a size", [[SIGNATURE_TAG.payloadSize, { int32: [1, 2, 3] }]]],
    ["signatures of more files than there are", [[SIGNATURE_TAG.fileSignatures, ["aa", "bb", "cc", "dd"]]]],
    ["signatures of files that are none", [[SIGNATURE_TAG.fileSignatures, ["a program!"]]]],
  ];
  it.each(HIDDEN)("may not hold %s", async (_, tags) => {
    const { findings } = await verify(writeRpm(version4(() => tags)));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
    expect(findings[0]?.facts.lengthBytes).toBeGreaterThan(0);
  });

  it("may hold signatures of files", async () => {
    const files: RpmTags = [[SIGNATURE_TAG.fileSignatures, ["0302041d", "", "0302041d"]]];
    expect(outcomes(await verify(writeRpm(version4(() => files)))).findings).toEqual([]);
  });

  it("may not hold a signature that carries much else", async () => {
    const fat = signBytes(key, Buffer.alloc(0), { unhashed: [subpacket(100, Buffer.alloc(9000))] });
    const { findings } = await verify(writeRpm(version4(() => [[SIGNATURE_TAG.gpg, packet(2, fat)]])));
    expect(findings).toContainEqual(expect.objectContaining({ check: "certificate-table", outcome: "fail" }));
  });

  const MORE = Buffer.alloc(300, "x");
  it.each<[string, (signature: Buffer) => Buffer]>([
    ["filling", (one) => Buffer.concat([one, packet(21, MORE)])],
    ["a mark", (one) => Buffer.concat([packet(10, MORE), one])],
    [
      "a signature of a version to come",
      (one) => Buffer.concat([one, packet(2, Buffer.concat([Buffer.from([9]), MORE]))]),
    ],
    [
      "words around its armour",
      (one) => Buffer.from(`${"some words\n".repeat(200)}${armour("SIGNATURE", one)}`),
    ],
  ])("may not hold %s beside a signature", async (_, wrap) => {
    for (const signatureTags of [
      ({ header }: { header: Buffer }): RpmTags => [[SIGNATURE_TAG.dsaHeader, wrap(signed(key, header))]],
      ({ header }: { header: Buffer }): RpmTags => [
        [SIGNATURE_TAG.openPgp, [wrap(signed(key, header)).toString("base64")]],
      ],
    ]) {
      const { findings } = await verify(writeRpm({ signatureTags }));
      expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
    }
  });

  it.each<[string, RpmTags]>([
    ["noise", [[SIGNATURE_TAG.gpg, Buffer.from("noise")]]],
    [
      "a signature with more behind it",
      [[SIGNATURE_TAG.gpg, Buffer.concat([signed(key, Buffer.alloc(0)), Buffer.from("more")])]],
    ],
    ["something that is not base64", [[SIGNATURE_TAG.openPgp, ["not base64!"]]]],
    ["a key", [[SIGNATURE_TAG.gpg, packet(6, key.body)]]],
  ])("breaks the verdict with %s for a signature", async (_, tags) => {
    const { signatures, findings } = await verify(writeRpm(version4(() => tags)));
    expect(signatures.map(({ integrity }) => integrity)).toEqual(["pass", "fail"]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });
});
