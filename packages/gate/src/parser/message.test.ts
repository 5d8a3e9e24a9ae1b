import { LineReader, MAX_LINE_CHARACTERS } from "@sallyport/cage";
import { describe, expect, it } from "vitest";
import type { ArtifactMember } from "../artifact.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import { readMessage } from "./message.ts";
import { decodeRequest, encodeRequest } from "./request.ts";

const signature: SignatureReport = {
  scheme: "authenticode",
  integrity: "pass",
  trust: "valid-timestamped",
  because: "ends at an anchor",
  signer: {
    subject: "CN=Example",
    commonName: "Example",
    organisation: undefined,
    issuer: "CN=Root",
    serial: "01",
    sha256: "ab",
    validFrom: "2024-01-01T00:00:00.000Z",
    validUntil: "2026-01-01T00:00:00.000Z",
  },
  chain: [],
  anchorId: "root",
  digestAlgorithm: "sha256",
  digest: "cd",
  timestamp: { kind: "rfc3161", at: "2025-01-01T00:00:00.000Z", verified: true, authority: "CN=Time" },
  position: 0,
  facts: {},
};
const member: ArtifactMember = {
  path: "a/b.dll",
  sha256: "0".repeat(64),
  sizeBytes: 3,
  format: "pe",
  identity: { product: "Example", version: "1.0" },
  signatures: [signature],
};
const message = { type: "member", index: 4, member };
const send = (value: unknown) => readMessage(JSON.stringify(value));

it("reads back what the parser sends, nothing lost", () => {
  expect(send(message)).toEqual(JSON.parse(JSON.stringify(message)));
});

const component = {
  product: "lodash",
  version: "4.17.21",
  type: "library",
  foundBy: "node-package",
  confidence: "declared",
  identifiers: [{ kind: "purl", value: "pkg:npm/lodash@4.17.21" }],
  dependsOn: ["pkg:npm/other"],
};
const parts = { components: [component], identifiers: component.identifiers, unlisted: ["the rest"] };

it("reads back what members are made of, nothing lost", () => {
  const told = { type: "parts", index: 4, parts };
  expect(send(told)).toEqual(told);
  const named = { ...message, member: { ...member, identifiers: component.identifiers } };
  expect(send(named)).toEqual(JSON.parse(JSON.stringify(named)));
});

it.each([
  ["no list", { components: {} }],
  ["an endless list", { components: Array.from({ length: 10_001 }, () => component) }],
  ["a name that is none", { components: [{ ...component, product: 7 }] }],
  ["a type of its own", { components: [{ ...component, type: "constructor" }] }],
  ["a confidence of its own", { components: [{ ...component, confidence: "certain" }] }],
  ["an identifier of its own", { components: [{ ...component, identifiers: [{ kind: "cve", value: "" }] }] }],
  ["a need that is no text", { components: [{ ...component, dependsOn: [{}] }] }],
])("refuses parts with %s", (_name, value) => {
  expect(() => send({ type: "parts", index: 0, parts: value })).toThrow(/impossible/);
});

describe("refuses", () => {
  it.each([
    ["no object", []],
    ["an unknown type", { type: "admit" }],
    ["a negative index", { ...message, index: -1 }],
    ["a hash that is none", { ...message, member: { ...member, sha256: "../x" } }],
    ["a size beyond counting", { ...message, member: { ...member, sizeBytes: 2 ** 60 } }],
    ["a format that is no word", { ...message, member: { ...member, format: "\u001b[2J" } }],
    [
      "an unknown trust",
      { ...message, member: { ...member, signatures: [{ ...signature, trust: "toString" }] } },
    ],
    ["a path that is too long", { type: "at", path: "x".repeat(20_000), doneBytes: 0 }],
    [
      "an outcome of its own",
      {
        type: "evidence",
        evidence: { source: "gate/checks/opened", outcome: "fine", because: "", facts: {} },
      },
    ],
    [
      "evidence of a check that is not its own",
      {
        type: "evidence",
        evidence: { source: "gate/checks/accepted-signer", outcome: "pass", because: "", facts: {} },
      },
    ],
  ])("%s", (_name, value) => {
    expect(() => send(value)).toThrow(/impossible/);
  });

  it("a line without end", () => {
    const lines = new LineReader(() => {});
    expect(() => {
      for (let sent = 0; sent <= MAX_LINE_CHARACTERS; sent += 65_536) lines.add("x".repeat(65_536));
    }).toThrow(/endless/);
  });
});

it("cuts lines wherever the pieces were cut", () => {
  const heard: string[] = [];
  const lines = new LineReader((line) => heard.push(line));
  for (const piece of ["a", "b\nc\n", "", "d", "\n"]) lines.add(piece);
  expect(heard).toEqual(["ab", "c", "d"]);
});

it("carries dates and bytes to the parser", () => {
  const request = {
    limits: { entries: 1, bytes: 2, depth: 3, milliseconds: 4 },
    trust: { anchors: [], revocationLists: [Buffer.from([1, 2, 255])], hash: "ab" },
    now: new Date(1_700_000_000_000),
    brought: { label: "", signatures: [], keys: [] },
    scratchFolder: "/scratch",
    maxHeldBytes: 5,
  };
  expect(decodeRequest(encodeRequest(request))).toEqual(request);
});
