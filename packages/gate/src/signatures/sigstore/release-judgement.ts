/**
 * The registry's own signature over name, version and integrity of a release. It says that the registry served these
 * bytes under this name, not who made them. Source: npm, about registry signatures.
 * @module
 */

import { verify } from "node:crypto";
import type { SignatureReport, SignatureTrust } from "../scheme.ts";
import { integrityFinding, type JudgeContext, type Judged } from "./judgement.ts";
import { type BareKey, summariseKey } from "./keys.ts";
import type { RegistryRelease } from "./registry-release.ts";

interface Releases {
  readonly origin: string;
  readonly releases: readonly RegistryRelease[];
}

/** @param position - of the first report; the others follow */
export function judgeReleases(
  { origin, releases }: Releases,
  position: number,
  context: JudgeContext,
): Judged[] {
  const release = releases.find(({ integrity }) => isIntegrityOf(integrity, context));
  if (release === undefined) {
    const because =
      releases.length === 1
        ? "it is about another file: the integrity differs"
        : "none of the releases it lists is this file";
    return [writeDown({ origin, position }, { integrity: "fail", trust: "broken", because })];
  }
  return release.signatures.map((signature, index) =>
    writeDown({ origin, position: position + index, release }, judge(release, signature, context)),
  );
}

/** SHA-512 must be among what the integrity offers, and be the file's. Source: W3C, Subresource Integrity. */
function isIntegrityOf(integrity: string, { file }: JudgeContext): boolean {
  const strong = integrity.split(/\s+/).filter((token) => token.startsWith("sha512-"));
  const digest = file.get("sha512");
  return (
    digest !== undefined &&
    strong.length > 0 &&
    strong.every((token) => Buffer.from(token.slice("sha512-".length), "base64").toString("hex") === digest)
  );
}

interface Verdict {
  readonly integrity: "pass" | "fail" | "unknown";
  readonly trust: SignatureTrust;
  readonly because: string;
  readonly key?: BareKey;
}

function judge(
  release: RegistryRelease,
  signature: RegistryRelease["signatures"][number],
  { keys, now }: JudgeContext,
): Verdict {
  const candidates = keys.filter(({ id, usage }) => id === signature.keyId && usage !== "npm:attestations");
  const key = candidates.find(({ broughtBy }) => broughtBy !== undefined) ?? candidates[0];
  if (key === undefined)
    return {
      integrity: "unknown",
      trust: "unknown-key",
      because: `signed with a registry key that is not known here: ${signature.keyId.slice(0, 100)}`,
    };
  const { name, version, integrity } = release;
  const signed = Buffer.from(`${name}@${version}:${integrity}`);
  if (!matches(signed, key, signature.value))
    return { integrity: "fail", trust: "broken", because: "the registry's signature does not match", key };
  const served = `served by the registry as ${name} ${version}`;
  if (key.validUntil === undefined || now <= key.validUntil)
    return {
      integrity: "pass",
      trust: key.broughtBy === undefined ? "valid-now" : "known-key",
      because: served,
      key,
    };
  // The key's time is over. When it signed stands in the metadata, which nobody signed.
  const claimed = new Date(release.publishedAt ?? "");
  return claimed <= key.validUntil
    ? {
        integrity: "pass",
        trust: "timestamp-unverifiable",
        because: `${served}, before the key's end as the metadata says`,
        key,
      }
    : { integrity: "pass", trust: "expired", because: `${served}, with a key whose time is over`, key };
}

function matches(signed: Buffer, { key }: BareKey, signature: string): boolean {
  try {
    return verify("sha256", signed, key, Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}

function writeDown(
  { origin, position, release }: { origin: string; position: number; release?: RegistryRelease },
  { integrity, trust, because, key }: Verdict,
): Judged {
  const report: SignatureReport = {
    scheme: "sigstore",
    integrity,
    trust,
    because,
    signer:
      key === undefined
        ? undefined
        : summariseKey(key, key.id, key.broughtBy === undefined ? "npm registry" : undefined),
    chain: [],
    ...(key?.broughtBy === undefined || integrity !== "pass" ? {} : { namedBy: key.broughtBy }),
    ...(release === undefined ? {} : { product: release.name }),
    ...(key === undefined || key.broughtBy !== undefined ? {} : { anchorId: `npm-registry ${key.id}` }),
    digestAlgorithm: "sha512",
    position,
    facts: {
      file: origin,
      ...(release === undefined ? {} : { release: `${release.name}@${release.version}` }),
    },
  };
  return { report, findings: integrity === "pass" ? [] : [integrityFinding(report, origin)] };
}
