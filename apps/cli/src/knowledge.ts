/** What the world knows, as this machine has it: its facts, and what brings new ones. @module */

import { join } from "node:path";
import { systemClock } from "@sallyport/core";
import type { IntelBase, Surroundings } from "@sallyport/intel";
import { makeHome } from "./home.ts";
import { version } from "./version.ts";

export interface Knowledge extends Surroundings {
  readonly base: IntelBase;
}

/**
 * Opens it for as long as `work` takes.
 * @param trustedKeys - PEM: what is brought sealed counts under these and under those that the organisation trusts
 * @throws WorldError `world.home`, `world.store`
 */
export async function withKnowledge<Result>(
  home: string,
  work: (knowledge: Knowledge) => Promise<Result>,
  trustedKeys: readonly string[] = [],
): Promise<Result> {
  const { cagedReader, openIntel, sources } = await import("@sallyport/intel");
  makeHome(home);
  const clock = systemClock;
  const base = await openIntel({ file: join(home, "intel.db"), clock });
  try {
    const reader = cagedReader({
      clock,
      scratchRoot: join(home, "scratch"),
      trustedKeys: [...trustedKeys, ...organisationKeys(base)],
    });
    return await work({ folder: join(home, "intel"), clock, sources, reader, base, version });
  } finally {
    base.close();
  }
}

/** What the organisation itself said to trust, with `intel add key`. */
function organisationKeys(base: IntelBase): readonly string[] {
  return [...base.every("trust")].flatMap(({ fact, snapshot }) =>
    snapshot.authority === "organisation" && fact.form !== "sigstore-root" ? [fact.text] : [],
  );
}
