/**
 * The core of a declaration: when a product's life ends. It names no product. Source: OpenEoX Core 1.0, Committee Specification
 * Draft 01, and its schema core.json.
 * @module
 */

import type { Json } from "@sallyport/core";
import { instantOf, isJsonObject, member, refuse } from "../../reading/index.ts";

/** Days in UTC; an end that is still to be announced is absent. */
export interface Ends {
  readonly endOfLife?: string;
  readonly endOfSecuritySupport?: string;
  /** ISO 8601, UTC. */
  readonly lastUpdated: string;
}

export const CORE_SCHEMA = "https://docs.oasis-open.org/openeox/v1.0/schema/core.json";
const REQUIRED = ["$schema", "end_of_life", "end_of_security_support", "last_updated"];
const OPTIONAL = ["end_of_sales", "general_availability"];
const TO_BE_ANNOUNCED = "tba";
/** RFC 3339 §5.6, as JSON Schema's `date-time` asks. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** @throws FeedError `feed.malformed` when it is not valid by the schema */
export function readCore(core: Json): Ends {
  if (!isJsonObject(core)) return refuse("core", "is no object");
  const strange = Object.keys(core).find((name) => ![...REQUIRED, ...OPTIONAL].includes(name));
  if (strange !== undefined)
    refuse("core", `has a member ${JSON.stringify(strange.slice(0, 80))} that the schema does not allow`);
  for (const name of REQUIRED) if (member(core, name) === undefined) refuse(name, "is missing");
  if (core.$schema !== CORE_SCHEMA) refuse("$schema", `is not ${CORE_SCHEMA}`);
  for (const name of OPTIONAL) if (member(core, name) !== undefined) readEnd(core, name);
  const endOfLife = readEnd(core, "end_of_life");
  const endOfSecuritySupport = readEnd(core, "end_of_security_support");
  return {
    ...(endOfLife !== undefined && { endOfLife: endOfLife.slice(0, 10) }),
    ...(endOfSecuritySupport !== undefined && { endOfSecuritySupport: endOfSecuritySupport.slice(0, 10) }),
    lastUpdated: readInstant(core, "last_updated"),
  };
}

function readEnd(core: Json, name: string): string | undefined {
  return member(core, name) === TO_BE_ANNOUNCED ? undefined : readInstant(core, name);
}

function readInstant(core: Json, name: string): string {
  const text = member(core, name);
  const instant = typeof text === "string" && DATE_TIME.test(text) ? instantOf(text) : undefined;
  return instant ?? refuse(name, "is no date and time with a zone");
}
