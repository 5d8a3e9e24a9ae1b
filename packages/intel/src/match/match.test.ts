import { readFileSync } from "node:fs";
import type { Identifier } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { Naming } from "../naming.ts";
import { keysOf, match } from "./index.ts";

interface Named {
  readonly product?: string;
  readonly vendor?: string;
  readonly version?: string;
  readonly fileName?: string;
  readonly identifiers?: readonly string[];
}
interface HardCase {
  readonly why: string;
  readonly claim: Named;
  readonly names: Named & {
    readonly scheme?: Naming["scheme"];
    readonly versions?: "all";
    readonly introduced?: string;
    readonly fixed?: string;
    readonly lines?: readonly string[];
    readonly except?: readonly string[];
    readonly fileNames?: readonly string[];
  };
  readonly is: "certain" | "possible" | "no";
}

const { cases }: { cases: HardCase[] } = JSON.parse(
  readFileSync(new URL("hard-cases.json", import.meta.url), "utf8"),
);

const identifiersOf = ({ identifiers = [] }: Named): Identifier[] =>
  identifiers.map((text) => {
    const colon = text.indexOf(":");
    return { kind: text.slice(0, colon) as Identifier["kind"], value: text.slice(colon + 1) };
  });

const namingOf = ({ names }: HardCase): Naming => {
  const { introduced, fixed, lines, except, versions, scheme = "generic", ...rest } = names;
  const range = { ...(introduced !== undefined && { introduced }), ...(fixed !== undefined && { fixed }) };
  return {
    ...rest,
    identifiers: identifiersOf(names),
    scheme,
    versions: versions ?? {
      ranges: Object.keys(range).length === 0 ? [] : [range],
      exact: [],
      ...(lines && { lines }),
      ...(except && { except }),
    },
  };
};

describe("match", () => {
  it.each(cases)("$is: $why", (hard) => {
    const claim = { ...hard.claim, identifiers: identifiersOf(hard.claim) };
    const naming = namingOf(hard);
    const found = match(claim, naming);
    expect(found, found.because).toMatchObject({ match: hard.is });
    expect(found.because).not.toBe("");
    const keys = new Set(keysOf(naming));
    // What agrees has to be found: the store asks by keys.
    if (hard.is !== "no") expect(keysOf(claim).some((key) => keys.has(key))).toBe(true);
  });

  it("says what agreed with what", () => {
    const claim = { product: "Firefox", vendor: "Mozilla Corporation", version: "115.0", identifiers: [] };
    const naming: Naming = {
      product: "Firefox",
      vendor: "Mozilla",
      identifiers: [],
      scheme: "generic",
      versions: { ranges: [{ introduced: "100", fixed: "116" }], exact: [] },
    };
    expect(match(claim, naming).because).toBe(
      'product "Firefox" agrees, vendor "Mozilla" agrees; version 115.0 is from 100 on and before 116',
    );
  });
});
