import { sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { Brought } from "../brought.ts";
import type { SignatureScheme } from "../signatures/scheme.ts";
import { claimBrought } from "./claims.ts";

const file = (name: string) => ({ name, source: sourceOf(Buffer.from(name)) });

const scheme = (id: string): SignatureScheme => ({
  id,
  question: "Is this a test?",
  document: "none",
  formats: [],
  claims: async ({ signatures }) => signatures.filter(({ name }) => name.endsWith(id)),
  verify: async () => ({ signatures: [], findings: [] }),
});
const one = scheme("one");
const other = scheme("other");

const claim = (brought: Partial<Brought>) =>
  claimBrought([one, other], { label: "", signatures: [], keys: [], ...brought });

describe("what a person brought along", () => {
  it("is evidence when nobody takes it, whatever else was taken", async () => {
    const { findings } = await claim({
      signatures: [file("a.other"), file("a.txt")],
      keys: [file("a.key")],
    });
    expect(findings.map(({ outcome, because }) => `${outcome} ${because}`)).toEqual([
      "unknown --signature a.txt is nothing that can be used here",
      "unknown --key a.key is nothing that can be used here",
    ]);
  });

  it("goes to those who took it, each its own", async () => {
    const both = await claim({ signatures: [file("a.other"), file("a.one")] });
    expect(both.findings).toEqual([]);
    expect(both.broughtFor(other, true).signatures.map(({ name }) => name)).toEqual(["a.other"]);
    expect(both.broughtFor(other, false).signatures).toEqual([]);
  });
});
