/** Where the bytes came from: the vendor's own site, or one that only looks like it. @module */

import type { Check } from "../check.ts";
import { member } from "../claims.ts";
import { firstSupplier, readTexts, supplierNames } from "../suppliers.ts";
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
      // Who proved to be at the other end, and what it said of the bytes: kept with the decision.
      ...(request.context.origin?.download !== undefined && { download: request.context.origin.download }),
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

function readAsked(stored: unknown): Asked | undefined {
  const [urls, names] = ["urls", "names"].map((name) => readTexts(member(stored, name)));
  const toldBy = TELLERS.find((teller) => teller === member(stored, "toldBy"));
  if (urls === undefined || urls.length === 0 || toldBy === undefined) return undefined;
  return { urls, toldBy, names: names ?? [] };
}
