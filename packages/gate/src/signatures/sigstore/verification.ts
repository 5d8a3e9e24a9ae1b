/**
 * Everything that was brought along, read, tied to the file in one pass over it, and judged.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource, MAX_READ_BYTES, readExactly } from "@sallyport/core";
import type { Brought, BroughtFile } from "../../brought.ts";
import type { Finding } from "../../finding.ts";
import type { Verification, VerifyContext } from "../scheme.ts";
import { bundleAroundSignature } from "./bare-signature.ts";
import { type ReadBundle, readBundle } from "./bundle.ts";
import type { Attestation } from "./documents.ts";
import { type DigestName, digestFile } from "./file-digests.ts";
import { type JudgeContext, type Judged, judgeBundle, judgeUnreadable } from "./judgement.ts";
import { type BareKey, readKeys, shippedKeys } from "./keys.ts";
import { judgeReleases } from "./release-judgement.ts";
import { withoutOthers } from "./tie.ts";
import { type Root, readRoot, readRoots } from "./trust-root.ts";
import shippedRoot from "./trusted-root.json" with { type: "json" };

/** @throws {@link ArtifactError} when a key or the trusted root that was brought cannot be used; a spent limit */
export async function verifyAttestations(
  source: ByteSource,
  attestations: readonly Attestation[],
  context: VerifyContext,
): Promise<Verification> {
  const { brought } = context;
  const { roots, rootId } = await findRoots(brought.trustedRoot);
  const keys = await findKeys(brought.keys);
  const judged = await judgeAll(source, attestations, { context, roots, rootId, keys });
  const findings = judged.flatMap((one) => one.findings);
  return {
    signatures: judged.map(({ report }) => report),
    findings: [...findings, ...missIdentity(judged, brought.identity)],
  };
}

/** A person who names a signer wants that one: another valid signature beside is no answer. */
function missIdentity(judged: readonly Judged[], identity: Brought["identity"]): Finding[] {
  const isMet = judged.some(
    ({ report }) => report.trust === "valid-timestamped" && report.namedBy !== undefined,
  );
  if (identity === undefined || isMet) return [];
  const { subject, issuer } = identity;
  const because = `none of the signatures that came along is by ${subject}, vouched for by ${issuer}`;
  return [{ check: "integrity", outcome: "unknown", because, facts: { scheme: "sigstore" } }];
}

async function findRoots(brought: BroughtFile | undefined): Promise<Pick<Found, "roots" | "rootId">> {
  if (brought === undefined) return { roots: [readRoot(shippedRoot)], rootId: "shipped" };
  const bytes = await readExactly(brought.source, 0, brought.source.sizeBytes, "the trusted root");
  return { roots: readRoots(bytes), rootId: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

async function findKeys(files: readonly BroughtFile[]): Promise<readonly BareKey[]> {
  const keys: BareKey[] = [];
  for (const file of files) keys.push(...((await readKeys(file)) ?? []));
  return [...keys, ...shippedKeys()];
}

interface Found {
  readonly context: VerifyContext;
  readonly roots: readonly Root[];
  readonly rootId: string;
  readonly keys: readonly BareKey[];
}

async function judgeAll(
  source: ByteSource,
  attestations: readonly Attestation[],
  { context, roots, rootId, keys }: Found,
): Promise<Judged[]> {
  const { budget, now, brought, maxHeldBytes } = context;
  const wholeFile = async () =>
    source.sizeBytes > Math.min(maxHeldBytes, MAX_READ_BYTES)
      ? undefined
      : readExactly(source, 0, source.sizeBytes, "the file");
  const read: (ReadBundle | ArtifactError | Extract<Attestation, { kind: "releases" }>)[] = [];
  for (const attestation of attestations) {
    budget.checkTime();
    if (attestation.kind === "releases") read.push(attestation);
    else read.push(await tryToRead(attestation, { keys, wholeFile }));
  }
  const bundles = read.filter((one): one is ReadBundle => "content" in one);
  const file = await digestFile(source, wantedDigests(bundles, read.length > bundles.length), {
    budget,
    consumers: bundles.flatMap(({ content }) => content.consumers),
  });
  const speaking = new Set(withoutOthers(bundles, file));
  const judging: JudgeContext = { file, roots, rootId, keys, identity: brought.identity, now };
  const judged: Judged[] = [];
  for (const [index, one] of read.entries()) {
    budget.checkTime();
    const position = judged.length;
    const origin = attestations[index]?.origin ?? "";
    if (one instanceof ArtifactError) judged.push(judgeUnreadable(one, origin, position));
    else if ("content" in one) {
      if (speaking.has(one)) judged.push(judgeBundle(one, position, judging));
    } else judged.push(...judgeReleases(one, position, judging));
  }
  return judged;
}

async function tryToRead(
  attestation: Exclude<Attestation, { kind: "releases" }>,
  request: { keys: readonly BareKey[]; wholeFile: () => Promise<Buffer | undefined> },
): Promise<ReadBundle | ArtifactError> {
  const { origin } = attestation;
  try {
    if (attestation.kind === "bundle") return await readBundle(attestation.bundle, { origin, ...request });
    const read = await readBundle(bundleAroundSignature(attestation.signature), { origin, ...request });
    return { ...read, about: { kind: "signature" } };
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.facts.limit !== undefined) throw error;
    return error;
  }
}

function wantedDigests(bundles: readonly ReadBundle[], hasReleases: boolean): ReadonlySet<DigestName> {
  const wanted = new Set<DigestName>(["sha256"]);
  for (const bundle of bundles) for (const name of bundle.wanted) wanted.add(name);
  if (hasReleases) wanted.add("sha512");
  return wanted;
}
