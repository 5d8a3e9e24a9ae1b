/**
 * What the code inside can do, by our own rules: observed in each member, and compared as behaviours that were gained.
 * How much a gain says depends on the kind of file; the table is `rules/behaviours/registry.ts`.
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import { behaviours as table } from "../../rules/behaviours/registry.ts";
import { screenForBehaviours } from "../../rules/behaviours/screen.ts";
import { defineTrait, type ObserveContext } from "../trait.ts";
import { askBroughtRules } from "./brought.ts";
import { compareGains, SEVERAL } from "./gains.ts";
import { KIND_BYTES, kindOf } from "./kind.ts";
import { observeBehaviours } from "./observe.ts";
import type { Behaving } from "./observed.ts";

const ID = "behaviours";

export const behaviours = defineTrait<Behaving>({
  id: ID,
  title: "Behaviours",
  question: "What can the code do now that it could not do before?",
  document: "MITRE ATT&CK, Enterprise techniques; our rules",
  rules: {
    ...Object.fromEntries(table.map(({ id, does }) => [id, `now ${does}`])),
    [SEVERAL]: "gained several behaviours at once",
  },
  isEvidence: true,
  screen: screenForBehaviours,
  observe,
  compare: (pair, context) => compareGains({ id: ID }, pair, context),
});

async function observe(source: ByteSource, context: ObserveContext): Promise<Behaving | undefined> {
  const head = await source.read(0, Math.min(source.sizeBytes, KIND_BYTES));
  const kind = kindOf(context.format, context.path, head);
  try {
    await askBroughtRules(source, context);
    return kind === undefined ? undefined : await observeBehaviours(source, kind, context);
  } catch (error) {
    if (error instanceof ArtifactError) reportUnasked(error.message, context);
    throw error;
  }
}

/** What could not be asked is unknown, for a comparison and without one. */
function reportUnasked(because: string, { report, rulePacks }: ObserveContext): void {
  report({ check: "behaviours", outcome: "unknown", because, facts: {} });
  if (rulePacks.length > 0) report({ check: "rules", outcome: "unknown", because, facts: {} });
}
