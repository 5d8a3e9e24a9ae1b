/** The one flow: subject, evidence, decision, receipt. @module */

import { createHash } from "node:crypto";
import {
  DEFAULT_LIMITS,
  type Decision,
  decide,
  type Intel,
  type Limits,
  type PolicySet,
  type Receipt,
} from "@sallyport/core";
import type {
  AcceptedSigner,
  Antivirus,
  Artifact,
  Baseline,
  Compared,
  Exception,
  Opening,
  OpenRequest,
  Origin,
  Progress,
  RulePack,
  TrustStore,
} from "@sallyport/gate";
import type { BroughtPaths } from "./brought.ts";
import { digestFile } from "./digest-file.ts";
import type { Home } from "./home.ts";
import { type Input, naming } from "./inputs.ts";
import { rememberArtifact, rememberMembers } from "./remember.ts";
import { exceptionFor, originOf, withAdmission } from "./remembered.ts";
import { searchWish } from "./search-wish.ts";
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
  /** From `--origin`: where somebody says that it came from. */
  readonly origin?: Origin;
  /** From `--signer`; those accepted earlier are added. */
  readonly signers: readonly AcceptedSigner[];
  /** From `--rules`, tried already. */
  readonly rulePacks?: readonly RulePack[];
  /** Rules that are kept here and cannot be asked. */
  readonly refusedRules?: readonly string[];
  /** From `--antivirus`. */
  readonly antivirus?: Antivirus;
  /** The last good release, from `--baseline`. */
  readonly baseline?: Input;
  /** The exception that is being made; otherwise the stored one counts. */
  readonly exception?: Exception;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Judgement {
  readonly artifact: Artifact;
  /** What it was compared with, and what that found. */
  readonly baseline?: Baseline;
  readonly decision: Decision;
  readonly receipt: Receipt;
}

export const DEFAULT_MAX_MEMORY_BYTES = 1024 ** 3;

/** An artifact that was opened, and the release it was compared with. */
export interface Opened {
  readonly opening: Opening;
  /** What the world knew when it was opened: it is searched for that, and asked about that. */
  readonly intel: Intel;
  readonly baseline?: OpenedBaseline;
}

interface OpenedBaseline {
  readonly opening: Opening;
  readonly baseline: Baseline;
}

/** Opens one file in a parser process of its own, and the baseline in another. @throws UsageError, WorldError */
export async function open(input: Input, home: Home, judging: Judging): Promise<Opened> {
  const { compareArtifacts, openArtifact } = await import("@sallyport/gate");
  const request: Omit<OpenRequest, keyof Input> = {
    limits: { ...DEFAULT_LIMITS, ...judging.limits },
    maxMemoryBytes: judging.maxMemoryBytes,
    scratchRoot: home.scratchRoot,
    trust: judging.trust,
    ...(judging.brought === undefined ? {} : { brought: judging.brought }),
    now: home.clock.now(),
    log: home.log,
  };
  const intel = await home.answers();
  const search = await searchWish(intel);
  const watched = {
    ...request,
    ...input,
    ...(search === undefined ? {} : { search }),
    ...(judging.antivirus === undefined ? {} : { antivirus: judging.antivirus }),
    ...(judging.rulePacks === undefined ? {} : { rulePacks: judging.rulePacks }),
    ...(judging.onProgress === undefined ? {} : { onProgress: judging.onProgress }),
  };
  const { baseline } = judging;
  const opening =
    baseline === undefined
      ? openArtifact(watched).then((opened): Opened => ({ opening: opened, intel }))
      : compareArtifacts({ before: { ...request, ...baseline }, after: watched }).then(
          (compared): Opened => ({ ...withBaseline(compared), intel }),
        );
  const named = opening.catch((error) => {
    throw naming(input.path, error);
  });
  // Only now, when the parser process runs: loading the policies and the memory keeps this one busy. What is wrong
  // with them is told when they are asked for.
  judging.policy().catch(() => undefined);
  home.store.twins.prepare().catch(() => undefined);
  return named;
}

function withBaseline({ before, after, comparison }: Compared): Omit<Opened, "intel"> {
  const { label } = before.subject;
  const { sha256 } = before.artifact.root;
  return { opening: after, baseline: { opening: before, baseline: { label, sha256, comparison } } };
}

/** Judges one file and records the decision. @throws UsageError, WorldError */
export async function judge(input: Input, home: Home, judging: Judging): Promise<Judgement> {
  const opened = await open(input, home, judging);
  const decision = await decideOn(opened, input, home, judging);
  const { baseline } = opened.baseline ?? {};
  const { artifact } = opened.opening;
  const receipt = await home.ledger.record(decision);
  await rememberMembers(artifact, decision, home);
  await rememberArtifact(input, artifact, { home, said: judging.origin });
  return { artifact, ...(baseline !== undefined && { baseline }), decision, receipt };
}

/** Everything but the record, so that an exception can be weighed before it is made. */
export async function decideOn(
  { opening, baseline, intel }: Opened,
  input: Input,
  home: Home,
  judging: Judging,
): Promise<Decision> {
  const { examine, signersOfAdmitted } = await import("@sallyport/gate");
  const now = home.clock.now();
  const { sha256 } = opening.artifact.root;
  const before = baseline && (await withAdmission(baseline.baseline, home));
  const [origin, exception, firstSeenAt] = await Promise.all([
    originOf(input, judging.origin),
    exceptionFor(sha256, judging.exception, home),
    home.store.firstSeenAt(sha256),
  ]);
  const { evidence, notChecked, asked } = await examine(opening, {
    clock: home.clock,
    intel,
    expectedHash: judging.expectedHash,
    published: judging.published ?? input.published,
    ...(origin !== undefined && { origin }),
    ...(firstSeenAt !== undefined && { firstSeenAt }),
    label: input.label,
    rulePacks: judging.rulePacks?.map(({ name }) => name) ?? [],
    refusedRules: judging.refusedRules ?? [],
    acceptedSigners: [
      ...judging.signers,
      ...(await home.store.acceptedSigners(now)),
      ...(baseline !== undefined && before?.admittedAt !== undefined
        ? signersOfAdmitted(baseline.opening)
        : []),
    ],
    ...(before !== undefined && { baseline: before }),
    exception,
    twins: home.store.twins,
    rootDigest: (algorithm) => digestFile(input.path, algorithm, sha256),
  });
  return decide(await judging.policy(), opening.subject, evidence, {
    now,
    notChecked,
    asked,
    // Whoever asks again needs the same rules.
    snapshotIds: [...brought(judging).map(idOf), ...intel.snapshots.map(({ id }) => id)],
    anchorSetHash: judging.trust.hash,
    engineVersion: version,
  });
}

/** Those that are kept here are named by their snapshot. */
const brought = ({ rulePacks = [] }: Judging): readonly RulePack[] =>
  rulePacks.filter(({ snapshot }) => snapshot === undefined);

const idOf = ({ source }: RulePack): string =>
  `rules:sha256:${createHash("sha256").update(source).digest("hex")}`;
