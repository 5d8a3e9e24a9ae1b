/** Core's `Intel`, answered from the stored facts. @module */

import type { Intel } from "@sallyport/core";
import { hasIndicators, indicatorsOf, indicatorValuesOf } from "./indicators.ts";
import { supplierOf } from "./suppliers.ts";
import type { View } from "./view.ts";

/** @param view - must stand still for as long as it is asked */
export function answersFrom(view: View): Intel {
  const { snapshots } = view;
  return {
    snapshots,
    snapshotsOn: (topic) => snapshots.filter(({ answers }) => answers.includes(topic)),
    // Loaded when they are asked: most files have nothing that anybody asks about.
    lifecycles: async (claim) => (await import("./lifecycles.ts")).lifecyclesOf(view, claim),
    vulnerabilities: async (claims) => {
      const { vulnerabilitiesOf } = await import("./vulnerabilities.ts");
      return claims.map((claim) => vulnerabilitiesOf(view, claim));
    },
    indicators: async (observables) => indicatorsOf(view, observables),
    indicatorValues: async (kind) => indicatorValuesOf(view, kind),
    hasIndicators: async (kind) => hasIndicators(view, kind),
    witnesses: async (sha256, claim) => (await import("./witnesses.ts")).witnessesOf(view, sha256, claim),
    supplier: async (name) => supplierOf(view, name),
  };
}
