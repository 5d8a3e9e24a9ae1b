/** What was judged, and what was inside of it, is remembered, so that later artifacts can be compared with it. @module */

import type { Decision } from "@sallyport/core";
import type { Artifact, Origin } from "@sallyport/gate";
import type { Home } from "./home.ts";
import type { Input } from "./inputs.ts";
import { originOf } from "./remembered.ts";

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

/**
 * When exactly these bytes were first judged, and where they came from each time. After the decision stands in the log, too.
 * @throws WorldError `world.store`
 */
export async function rememberArtifact(
  input: Input,
  { root: { sha256 } }: Artifact,
  { home, said }: { readonly home: Home; readonly said: Origin | undefined },
): Promise<void> {
  const origin = await originOf(input, said);
  await home.store.noteSighting({ sha256, label: input.label, origin }, home.clock.now());
}
