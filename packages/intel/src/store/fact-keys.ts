/** Under which keys a fact is found. What is looked for has to make the same ones. @module */

import type { Observable } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import { keysOf } from "../match/keys.ts";

/** Longer values are cut: a key finds candidates, and each is compared whole. */
const MAX_KEY_CHARACTERS = 200;

export const cveKey = (id: string): string => cut(`id:${id.toUpperCase()}`);
/** Company names with what sets them apart in writing taken off. */
export const supplierKey = (name: string): string =>
  cut(
    `supplier:${name
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "")}`,
  );
/** @param table - what is decided, in lower case */
export const tableKey = (table: string): string => cut(`table:${table}`);
export const observableKey = ({ kind, value }: Observable): string => cut(`${kind}:${value}`);

/** @returns without doubles; none for facts that are only ever read all together */
export function keysOfFact(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case "lifecycle":
      return keysOf(fact.about);
    case "vulnerability":
      return unique([...keysOf(fact.about), ...[fact.id, ...fact.aliases].map(cveKey)]);
    case "exploited":
      return unique([...keysOf(fact.about), cveKey(fact.cve)]);
    case "statement":
      return unique([...keysOf(fact.about), cveKey(fact.vulnerability)]);
    case "probability":
    case "decision-points":
      return [cveKey(fact.cve)];
    case "decision":
      return [tableKey(fact.table)];
    case "fix":
      return unique(fact.cves.map(cveKey));
    case "indicator":
      return [observableKey(fact.indicator)];
    case "supplier":
      return [supplierKey(fact.supplier.name)];
    default:
      return [];
  }
}

const cut = (key: string): string => key.slice(0, MAX_KEY_CHARACTERS);
const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];
