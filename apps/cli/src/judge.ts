/** The one flow: subject, evidence, decision, receipt. @module */

import {
  DEFAULT_LIMITS,
  type Decision,
  decide,
  type Limits,
  type PolicySet,
  type Receipt,
} from "@sallyport/core";
import type { AcceptedSigner, Artifact, Exception, Opening, Progress, TrustStore } from "@sallyport/gate";
import type { BroughtPaths } from "./brought.ts";
import { digestFile } from "./digest-file.ts";
import type { Home } from "./home.ts";
import { type Input, naming } from "./inputs.ts";
import { version } from "./version.ts";

/** What a person brought along for one artifact. */
export interface Judging {
  readonly trust: TrustStore;
  /** Paths of signatures, keys and lists; nothing when it is left out. */
  readonly brought?: BroughtPaths;
  /** Loaded when it is first asked for. */
  readonly policy: () => Promise<PolicySet>;
  readonly limits: Partial<Limits>;
  readonly maxMemoryBytes: number;
  readonly expectedHash: string | undefined;
  readonly published: { readonly name: string; readonly text: string } | undefined;
  /** From `--signer`; those accepted earlier are added. */
  readonly signers: readonly AcceptedSigner[];
  /** The exception that is being made; otherwise the stored one counts. */
  readonly exception?: Exception;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Judgement {
  readonly artifact: Artifact;
  readonly decision: Decision;
  readonly receipt: Receipt;
}

export const DEFAULT_MAX_MEMORY_BYTES = 1024 ** 3;

/** Opens one file in a parser process of its own. @throws UsageError, WorldError */
export async function open(input: Input, home: Home, judging: Judging): Promise<Opening> {
  const { openArtifact } = await import("@sallyport/gate");
  const opening = openArtifact({
    path: input.path,
    label: input.label,
    limits: { ...DEFAULT_LIMITS, ...judging.limits },
    maxMemoryBytes: judging.maxMemoryBytes,
    scratchRoot: home.scratchRoot,
    trust: judging.trust,
    ...(judging.brought === undefined ? {} : { brought: judging.brought }),
    now: home.clock.now(),
    log: home.log,
    ...(judging.onProgress === undefined ? {} : { onProgress: judging.onProgress }),
  }).catch((error) => {
    throw naming(input.path, error);
  });
  // Only now, when the parser process runs: loading the policies keeps this one busy. What is wrong with them is
  // told when they are asked for.
  judging.policy().catch(() => undefined);
  return opening;
}

/** Judges one file and records the decision. @throws UsageError, WorldError */
export async function judge(input: Input, home: Home, judging: Judging): Promise<Judgement> {
  const opening = await open(input, home, judging);
  const decision = await decideOn(opening, input, home, judging);
  return { artifact: opening.artifact, decision, receipt: await home.ledger.record(decision) };
}

/** Everything but the record, so that an exception can be weighed before it is made. */
export async function decideOn(
  opening: Opening,
  input: Input,
  home: Home,
  judging: Judging,
): Promise<Decision> {
  const { examine } = await import("@sallyport/gate");
  const now = home.clock.now();
  const { sha256 } = opening.artifact.root;
  const { evidence, notChecked } = await examine(opening, {
    clock: home.clock,
    expectedHash: judging.expectedHash,
    published: judging.published,
    label: input.label,
    acceptedSigners: [...judging.signers, ...(await home.store.acceptedSigners(now))],
    exception: judging.exception ?? (await home.store.exceptionFor(sha256, now)),
    rootDigest: (algorithm) => digestFile(input.path, algorithm, sha256),
  });
  return decide(await judging.policy(), opening.subject, evidence, {
    now,
    notChecked,
    snapshotIds: [],
    anchorSetHash: judging.trust.hash,
    engineVersion: version,
  });
}
