/** Takes one file apart as the parser process does, and decides on it as `check` does. @module */

import {
  Budget,
  type Decision,
  decide,
  type Evidence,
  loadPolicies,
  MemorySource,
  type PolicySet,
} from "@sallyport/core";
import {
  type ArtifactMember,
  defaultPolicies,
  defaultTrust,
  examine,
  type TrustStore,
  vocabulary,
} from "@sallyport/gate";
import { descend } from "../../packages/gate/src/descent/descent.ts";
import { Spool } from "../../packages/gate/src/descent/spool.ts";
import { formats } from "../../packages/gate/src/formats/registry.ts";
import { signatureSchemes } from "../../packages/gate/src/signatures/registry.ts";
import type { Sample } from "./samples.ts";

const LIMITS = { entries: 20_000, bytes: 256 * 1024 ** 2, depth: 8, milliseconds: 5_000 };
const NOW = new Date("2026-06-01T00:00:00Z");
const SHIPPED: TrustStore = defaultTrust();

export interface TakenApart {
  readonly evidence: readonly Evidence[];
  readonly members: readonly ArtifactMember[];
}

/** @param folder - for what has to be spooled */
export async function takeApart(bytes: Buffer, { signed }: Sample, folder: string): Promise<TakenApart> {
  const evidence: Evidence[] = [];
  const members: ArtifactMember[] = [];
  await descend(new MemorySource(bytes), {
    formats,
    schemes: signatureSchemes,
    budget: new Budget(LIMITS),
    trust: signed?.trust ?? SHIPPED,
    now: signed?.now ?? NOW,
    spool: new Spool(folder),
    brought: { label: "", signatures: [], keys: [], ...signed?.brought },
    maxHeldBytes: 128 * 1024 ** 2,
    listener: {
      at: () => undefined,
      recognised: () => undefined,
      member: (_index, member) => members.push(member),
      evidence: (seen) => evidence.push(seen),
    },
  });
  return { evidence, members };
}

let policies: Promise<PolicySet> | undefined;

/** What the default policies say when whoever signed it is accepted. */
export async function verdictOn(taken: TakenApart, { signed, name }: Sample): Promise<Decision["verdict"]> {
  policies ??= defaultPolicies().then((sources) =>
    loadPolicies(sources, { vocabulary: vocabulary(), withoutDefaults: [] }),
  );
  const root = taken.members.find(({ path }) => path === "");
  if (root === undefined) return "hold";
  const subject = { kind: "artifact", id: `sha256:${root.sha256}`, label: name } as const;
  const opening = {
    subject,
    artifact: { root, members: taken.members },
    evidence: taken.evidence,
    notChecked: [],
  };
  const now = signed?.now ?? NOW;
  const { evidence, notChecked } = await examine(opening, {
    clock: { now: () => now },
    expectedHash: undefined,
    published: undefined,
    label: name,
    acceptedSigners: root.signatures.flatMap(({ signer }) =>
      signer === undefined ? [] : { text: `sha256:${signer.sha256}`, product: undefined, origin: "--signer" },
    ),
    exception: undefined,
  });
  const world = { now, notChecked, snapshotIds: [], anchorSetHash: "", engineVersion: "soak" };
  return decide(await policies, subject, evidence, world).verdict;
}
