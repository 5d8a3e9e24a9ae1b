/** Core's `Intel`, answered from the stored facts. @module */

import type { Intel } from "@sallyport/core";
import { hasIndicators, indicatorsOf, indicatorValuesOf } from "./indicators.ts";
import { lifecyclesOf } from "./lifecycles.ts";
import { supplierOf } from "./suppliers.ts";
import type { View } from "./view.ts";
import { vulnerabilitiesOf } from "./vulnerabilities.ts";
import { witnessesOf } from "./witnesses.ts";

/** @param view - must stand still for as long as it is asked */
export function answersFrom(view: View): Intel {
  const { snapshots } = view;
  return {
    snapshots,
    snapshotsOn: (topic) => snapshots.filter(({ answers }) => answers.includes(topic)),
    lifecycles: async (claim) => lifecyclesOf(view, claim),
    vulnerabilities: async (claims) => claims.map((claim) => vulnerabilitiesOf(view, claim)),
    indicators: async (observables) => indicatorsOf(view, observables),
    indicatorValues: async (kind) => indicatorValuesOf(view, kind),
    hasIndicators: async (kind) => hasIndicators(view, kind),
    witnesses: async (sha256, claim) => witnessesOf(view, sha256, claim),
    supplier: async (name) => supplierOf(view, name),
  };
}
