import { createHash } from "node:crypto";
import {
  armour,
  certificateOf,
  clearSign,
  makeKey,
  packet,
  signBytes,
  subpacket,
} from "@sallyport/openpgp/signing.fixture";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { type ArPart, buildAr } from "../../formats/ar/ar.fixture.ts";
import { debsig } from "./index.ts";
import { CONTENTS, MEMBERS } from "./sample.fixture.ts";

const key = makeKey();
const trust = { anchors: [], revocationLists: [], hash: "" };

const verify = (parts: readonly ArPart[], keys = [certificateOf(key)]) =>
  debsig.verify(
    sourceOf(buildAr(parts)),
    verifyContext(
      { format: "deb", trust },
      { keys: keys.map((one) => ({ name: "key.gpg", source: sourceOf(one) })) },
    ),
  );

const outcomes = ({ signatures, findings }: Awaited<ReturnType<typeof verify>>) => ({
  signatures: signatures.map(({ integrity, trust: how }) => `${integrity} ${how}`),
  findings: findings.map(({ check, outcome }) => `${check} ${outcome}`),
});

const signature = packet(2, signBytes(key, CONTENTS));

const listLine = ({ name, bytes }: { name: string; bytes: Buffer }) => {
  const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest("hex");
  return `\t${digest("md5")} ${digest("sha1")} ${bytes.length} ${name}\n`;
};
const listOf = (lines: readonly string[]) =>
  `Version: 4\nSigner: A <a@example.org>\nRole: builder\nFiles:\n${lines.join("")}`;

it("verifies every signature of debsigs, and knows none without its key", async () => {
  const parts = [
    ...MEMBERS,
    { name: "_gpgorigin", bytes: signature },
    { name: "_gpgmaint", bytes: signature },
  ];
  expect(outcomes(await verify(parts))).toEqual({
    signatures: ["pass known-key", "pass known-key"],
    findings: [],
  });
  expect(outcomes(await verify(parts, []))).toEqual({
    signatures: ["unknown unknown-key", "unknown unknown-key"],
    findings: ["integrity unknown", "integrity unknown"],
  });
});

it("says nothing of a package that nobody signed", async () => {
  for (const more of [[], [{ name: "_notes", bytes: signature }]])
    expect(await verify([...MEMBERS, ...more])).toEqual({ signatures: [], findings: [] });
});

it("does not let anything stand beside what was signed", async () => {
  const loose = { name: "_notes", bytes: Buffer.from("#!/bin/sh\n") };
  for (const parts of [
    [...MEMBERS, { name: "_gpgorigin", bytes: signature }, loose],
    [...MEMBERS, loose, { name: "_gpgorigin", bytes: signature }],
  ]) {
    const { findings } = await verify(parts);
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
    expect(findings[0]?.because).toContain("_notes");
  }
});

it.each([
  ["words around its armour", Buffer.from(`${"some words\n".repeat(200)}${armour("SIGNATURE", signature)}`)],
  ["filling behind it", Buffer.concat([signature, packet(21, Buffer.alloc(300, "x"))])],
  [
    "much in what it does not sign",
    packet(2, signBytes(key, CONTENTS, { unhashed: [subpacket(100, Buffer.alloc(9000))] })),
  ],
])("lets no signature have %s", async (_, bytes) => {
  const { findings } = await verify([...MEMBERS, { name: "_gpgorigin", bytes }]);
  expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  expect(
    outcomes(
      await verify([...MEMBERS, { name: "_gpgorigin", bytes: Buffer.from(armour("SIGNATURE", signature)) }]),
    ),
  ).toEqual({
    signatures: ["pass known-key"],
    findings: [],
  });
});

it("does not take a signature of a text for one of the members", async () => {
  const text = packet(
    2,
    signBytes(key, Buffer.from(CONTENTS.toString("latin1").replaceAll("\n", "\r\n"), "latin1"), { type: 1 }),
  );
  expect(outcomes(await verify([...MEMBERS, { name: "_gpgorigin", bytes: text }]))).toEqual({
    signatures: ["fail broken"],
    findings: ["integrity fail"],
  });
});

it("verifies dpkg-sig's list, and says what it rests on", async () => {
  const text = clearSign(key, listOf(MEMBERS.map(listLine)));
  expect(outcomes(await verify([...MEMBERS, { name: "_gpgbuilder", bytes: text }]))).toEqual({
    signatures: ["pass known-key"],
    findings: ["weak-digest fail"],
  });
});

const [version, control, data] = MEMBERS;
const LISTS: [string, string][] = [
  ["lacks a member", listOf([version, control].map(listLine))],
  [
    "has another digest",
    listOf([listLine(version), listLine(control), listLine({ ...data, bytes: control.bytes })]),
  ],
  ["has a member twice", listOf([...MEMBERS, data].map(listLine))],
  ["goes on with something else", `${listOf(MEMBERS.map(listLine))}and more\n`],
  ["is none", "a text\n"],
];
it.each(LISTS)("does not believe a signed list that %s", async (_, text) => {
  const result = await verify([...MEMBERS, { name: "_gpgbuilder", bytes: clearSign(key, text) }]);
  expect(result.signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
  expect(result.signatures[0]).not.toHaveProperty("namedBy");
});

it("does not believe a list with text around it that nobody signed", async () => {
  const text = Buffer.concat([Buffer.from("before\n"), clearSign(key, listOf(MEMBERS.map(listLine)))]);
  const result = await verify([...MEMBERS, { name: "_gpgbuilder", bytes: text }]);
  expect(result.signatures).toMatchObject([{ integrity: "fail" }]);
});

const BROKEN: [string, readonly ArPart[]][] = [
  ["another member in place of one", [version, data, data, { name: "_gpgorigin", bytes: signature }]],
  ["a member more", [...MEMBERS, data, { name: "_gpgorigin", bytes: signature }]],
  ["a member less", [version, control, { name: "_gpgorigin", bytes: signature }]],
  ["noise for a signature", [...MEMBERS, { name: "_gpgorigin", bytes: "noise" }]],
  ["a signature that is far too large", [...MEMBERS, { name: "_gpgorigin", bytes: Buffer.alloc(100_000) }]],
  [
    "a signature with more behind it",
    [...MEMBERS, { name: "_gpgorigin", bytes: Buffer.concat([signature, Buffer.from("x")]) }],
  ],
];
it.each(BROKEN)("breaks the verdict with %s", async (_, parts) => {
  const result = await verify(parts);
  expect(result.signatures).toMatchObject([{ integrity: "fail" }]);
  expect(result.findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "fail" }));
});
