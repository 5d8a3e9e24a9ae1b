/** Where the bytes came from: the vendor's own site, or one that only looks like it. @module */

import type { Known, Supplier } from "@sallyport/core";
import { TRUSTED } from "../../signatures/scheme.ts";
import type { Check, CheckContext, ExamineRequest } from "../check.ts";
import { member } from "../claims.ts";
import { type Asked, judgeOrigin } from "./judge.ts";

const TELLERS = ["--origin", "download", "mark-of-the-web"] as const;

export const origin: Check = {
  id: "origin",
  question: "Does it come from where its maker publishes?",
  kind: "world",
  document: "Unicode Technical Standard #39; RFC 3986; RFC 5891",
  policyFacts: { rule: "String", lookAlike: "Bool" },
  recall: {
    ask: (request) => ({
      urls: request.context.origin?.urls ?? [],
      toldBy: request.context.origin?.toldBy ?? "",
      names: supplierNames(request),
    }),
    async answer(stored, context) {
      const asked = readAsked(stored);
      if (asked === undefined)
        return { notChecked: "nobody says where it came from: give --origin URL, or check the URL itself" };
      const supplier = await firstSupplier(asked.names, context);
      return judgeOrigin(asked, supplier, context.intel?.snapshots ?? []);
    },
  },
};

/** Who made it: as proven signers are called, then as it says itself. */
export function supplierNames({ artifact: { root } }: ExamineRequest): readonly string[] {
  const signers = root.signatures
    .filter(({ integrity, trust }) => integrity === "pass" && TRUSTED.has(trust))
    .flatMap(({ signer }) => [signer?.organisation, signer?.commonName]);
  const names = [...signers, root.identity?.company].filter((name): name is string => (name ?? "") !== "");
  return [...new Set(names)].slice(0, 10);
}

/** The first of these names that somebody here knows. */
export async function firstSupplier(
  names: readonly string[],
  { intel }: CheckContext,
): Promise<Known<Supplier> | undefined> {
  for (const name of names) {
    const known = await intel?.supplier(name);
    if (known?.match === "certain") return known;
  }
  return undefined;
}

function readAsked(stored: unknown): Asked | undefined {
  const [urls, names] = ["urls", "names"].map((name) => readTexts(member(stored, name)));
  const toldBy = TELLERS.find((teller) => teller === member(stored, "toldBy"));
  if (urls === undefined || urls.length === 0 || toldBy === undefined) return undefined;
  return { urls, toldBy, names: names ?? [] };
}

/** Texts of a stored list; what is none is left out. */
export const readTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
