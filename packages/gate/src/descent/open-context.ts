/** What a format is given to open one member with. @module */

import { boundedIdentifiers } from "../components/bounds.ts";
import type { OpenContext } from "../formats/format.ts";
import type { Look } from "./look.ts";
import type { DescentRequest } from "./request.ts";
import type { Teller } from "./teller.ts";

export function openContext(
  look: Look,
  { budget, maxHeldBytes }: Pick<DescentRequest, "budget" | "maxHeldBytes">,
  teller: Teller,
): OpenContext {
  const { offsetInParentBytes, memberNames, unpackedOn, carrier } = look.place;
  return {
    budget,
    maxHeldBytes,
    offsetInParentBytes,
    memberNames,
    carrier,
    ...(unpackedOn !== undefined && { unpackedOn }),
    report: (finding) => teller.report(look, finding),
    refineFormat: (name) => {
      look.format = name;
    },
    claimIdentity: (identity, identifiers = []) => {
      look.identity = { ...look.identity, ...identity };
      look.identifiers.push(...boundedIdentifiers(identifiers));
    },
  };
}
