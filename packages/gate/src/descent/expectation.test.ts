import { MemorySource } from "@sallyport/core";
import { expect, it } from "vitest";
import type { SignatureReport } from "../signatures/scheme.ts";
import { unmetExpectations } from "./expectation.ts";

const key = { name: "vendor.asc", source: new MemorySource(Buffer.from("key")) };
const identity = { subject: "release@example.com", issuer: "https://issuer.example" };
const signed = (namedBy?: string): SignatureReport => ({
  scheme: "openpgp",
  integrity: "pass",
  trust: "known-key",
  because: "",
  signer: undefined,
  chain: [],
  digestAlgorithm: "sha256",
  position: 0,
  facts: {},
  ...(namedBy !== undefined && { namedBy }),
});
const flagsOf = (brought: object, ...signatures: SignatureReport[]) =>
  unmetExpectations({ label: "", signatures: [], keys: [], ...brought }, signatures).map(
    ({ facts }) => facts.flag,
  );

it("asks nothing of whoever brought nothing", () => {
  expect(flagsOf({})).toEqual([]);
  expect(flagsOf({}, signed())).toEqual([]);
});

it("is not met by a signature of somebody else, however valid", () => {
  expect(flagsOf({ keys: [key] }, signed())).toEqual(["--key"]);
  expect(flagsOf({ identity }, signed("--key vendor.asc"))).toEqual(["--identity"]);
  expect(flagsOf({ keys: [key], identity })).toEqual(["--key", "--identity"]);
});

it("is met by one signature among several, as a keyring is", () => {
  expect(flagsOf({ keys: [key, key] }, signed(), signed("--key vendor.asc"))).toEqual([]);
  expect(flagsOf({ identity }, signed("--identity"), signed())).toEqual([]);
});
