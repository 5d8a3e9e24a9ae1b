/** Where bytes stand that no signature covers. @module */

import type { Evidence } from "@sallyport/core";

/** @returns paths of members in or beside whose signatures something was found */
export const hidingPlaces = (evidence: readonly Evidence[]): ReadonlySet<string> =>
  new Set(
    evidence
      .filter(({ source, outcome }) => source === "gate/checks/certificate-table" && outcome === "fail")
      .map(({ path = "" }) => path),
  );
