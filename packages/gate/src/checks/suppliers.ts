/** Whose an artifact is, and what the organisation set for them. @module */

import type { Known, Supplier } from "@sallyport/core";
import { TRUSTED } from "../signatures/scheme.ts";
import type { CheckContext, ExamineRequest } from "./check.ts";

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

/** Texts of a stored list; what is none is left out. */
export const readTexts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === "string") : [];
