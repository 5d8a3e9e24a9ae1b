/** Identifiers as a person types them: `upgrade-code:{…}`, `pkg:npm/lodash`. @module */

import { IDENTIFIER_KINDS, type Identifier, UsageError } from "@sallyport/core";

/** @throws UsageError `usage.value` */
export function readIdentifier(text: string): Identifier {
  if (/^pkg:/i.test(text)) return { kind: "purl", value: text };
  if (/^cpe:(?:2\.3:|\/)/i.test(text)) return { kind: "cpe", value: text };
  const [name = "", ...rest] = text.split(":");
  const kind = IDENTIFIER_KINDS.find((one) => one === name);
  const value = rest.join(":").trim();
  if (kind === undefined || value === "")
    throw new UsageError(
      "usage.value",
      `--identifier ${text}: expected one of ${IDENTIFIER_KINDS.join(", ")}, then : and its value`,
    );
  // GUIDs stand in braces and capitals wherever they are compared.
  const isGuid = kind === "upgrade-code" || kind === "product-code";
  return { kind, value: isGuid ? `{${value.replace(/[{}]/g, "").toUpperCase()}}` : value };
}
