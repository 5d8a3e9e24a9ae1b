/** Artifacts and memories of them, made for tests. @module */

import { createHash } from "node:crypto";
import type { Decision, Evidence, Verdict } from "@sallyport/core";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import type { KnownFile, TwinMemory } from "./memory.ts";
import { memoriesOf } from "./remember.ts";

export const sha256Of = (text: string): string => createHash("sha256").update(text).digest("hex");

/** @param bytes - stands for the content: equal text, equal hash */
export const memberWith = (bytes: string, given: Partial<ArtifactMember> = {}): ArtifactMember => ({
  path: "library.dll",
  sha256: sha256Of(bytes),
  sizeBytes: 100_000,
  format: "pe",
  signatures: [],
  ...given,
});

export const artifactWith = (
  name: string,
  { root = {}, members = [] }: { root?: Partial<ArtifactMember>; members?: readonly ArtifactMember[] },
): Artifact => ({ root: memberWith(`artifact ${name}`, { path: "", format: "zip", ...root }), members });

export function decisionOn(
  artifact: Artifact,
  verdict: Verdict,
  evidence: readonly Evidence[] = [],
  label = "other-app.msi",
): Decision {
  return {
    subject: { kind: "artifact", id: `sha256:${artifact.root.sha256}`, label },
    verdict,
    reasons: [
      { policy: "demo", verdict, because: "it is changed", evidence: evidence.map((_, index) => index) },
    ],
    evidence,
    notChecked: [],
    replay: {
      now: "2026-01-02T03:04:05.000Z",
      policyHash: "",
      withoutDefaults: [],
      snapshotIds: [],
      anchorSetHash: "",
      engineVersion: "",
    },
  };
}

/** What was judged, in this order; joined as a store does. */
export function memoryOf(...judged: readonly (readonly [Artifact, Verdict, ...Evidence[]])[]): TwinMemory {
  const known = new Map<string, KnownFile>();
  for (const [artifact, verdict, ...evidence] of judged)
    for (const file of memoriesOf(artifact, decisionOn(artifact, verdict, evidence))) {
      const before = known.get(file.sha256);
      known.set(file.sha256, { ...file, sightings: [...(before?.sightings ?? []), ...file.sightings] });
    }
  return { isEmpty: () => known.size === 0, recall: async () => [...known.values()] };
}
