/** What was inside of what was judged is remembered, so that later artifacts can be compared with it. @module */

import type { Decision } from "@sallyport/core";
import type { Artifact } from "@sallyport/gate";
import type { Home } from "./home.ts";

/**
 * After the decision stands in the log: what is remembered and not in it, nobody could find again.
 * @throws WorldError `world.store`
 */
export async function rememberMembers(
  artifact: Artifact,
  decision: Decision,
  { store }: Home,
): Promise<void> {
  const { memoriesOf } = await import("@sallyport/gate");
  await store.twins.remember(memoriesOf(artifact, decision));
}
