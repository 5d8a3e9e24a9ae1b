/**
 * What the antivirus that was named says of every file inside. Only a clean answer is clean: what it did not look at, or gave
 * no answer about, is unknown.
 * @module
 */

import type { JsonObject } from "@sallyport/core";
import type { Scanner, ScanResult } from "../../antivirus/scan.ts";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import type { Check, Observation } from "../check.ts";

export const antivirus: Check = {
  id: "antivirus",
  question: "Does the antivirus find nothing in any file inside?",
  kind: "world",
  document: "clamd(8), INSTREAM",
  policyFacts: { signature: "String" },
  // Asked again it would need the bytes; what newer signatures find, the next check says.
  recall: "stands",
  async examine({ artifact }) {
    const { scanner } = artifact;
    if (scanner === undefined)
      return { notChecked: "no antivirus was named: --antivirus SOCKET or host:port, or SALLYPORT_CLAMD" };
    const facts = factsOf(scanner);
    if (scanner.problem !== undefined)
      return { outcome: "unknown", because: `nothing was scanned: clamd ${scanner.problem}`, facts };
    return observe(artifact, facts);
  },
};

const MOST_SHOWN = 50;

type Scanned = ArtifactMember & { readonly scan: ScanResult };
const isScanned = (member: ArtifactMember): member is Scanned => member.scan !== undefined;

function observe({ root, members }: Artifact, facts: JsonObject): readonly Observation[] {
  const scanned = [root, ...members].filter(isScanned);
  if (scanned.length === 0) return [{ outcome: "unknown", because: "nothing was handed to clamd", facts }];
  const bad = [...foundIn(scanned), ...unscannedIn(scanned)];
  if (bad.length > 0) return bad.map((seen) => ({ ...seen, facts: { ...facts, ...seen.facts } }));
  const files = scanned.length === 1 ? "the file" : `${scanned.length} files`;
  return [{ outcome: "pass", because: `${described(facts)} found nothing in ${files}`, facts }];
}

/** A signature that stands in a container and in what it holds is shown where it is. */
function foundIn(scanned: readonly Scanned[]): readonly Observation[] {
  const found = scanned.filter(({ scan }) => scan.outcome === "found");
  const bySignature = Map.groupBy(found, ({ scan }) => scan.detail);
  return [...bySignature].slice(0, MOST_SHOWN).flatMap(([signature, same]) => {
    const containers = containersAmong(same.map(({ path }) => path));
    const inside = same.filter(({ path }) => !containers.has(path));
    const [first, second] = inside;
    if (first === undefined) return [];
    const others = second === undefined ? "" : `, and in ${inside.length - 1} more`;
    return {
      outcome: "fail",
      because: `is ${signature}, says clamd${others}`,
      facts: { signature, members: inside.slice(0, MOST_SHOWN).map(({ path }) => path) },
      path: first.path,
    };
  });
}

/** Those that hold another: of many thousands, told by what comes next in their order. */
function containersAmong(paths: readonly string[]): ReadonlySet<string> {
  // What is inside comes right behind its container when nothing is before a slash.
  const ordered = [...new Set(paths)].map((path) => ({ path, key: path.replaceAll("/", "\0") }));
  ordered.sort((a, b) => (a.key < b.key ? -1 : 1));
  return new Set(
    ordered.flatMap(({ path, key }, at) => {
      const next = ordered[at + 1]?.key;
      return next !== undefined && (key === "" || next.startsWith(`${key}\0`)) ? [path] : [];
    }),
  );
}

function unscannedIn(scanned: readonly Scanned[]): readonly Observation[] {
  const unscanned = scanned.filter(({ scan }) => scan.outcome === "over-limit" || scan.outcome === "failed");
  const shown = unscanned.slice(0, MOST_SHOWN).map(
    ({ path, scan, sizeBytes }): Observation => ({
      outcome: "unknown",
      because: `was not scanned: ${scan.detail}`,
      facts: { reason: scan.outcome, sizeBytes },
      path,
    }),
  );
  const more = unscanned.length - shown.length;
  return more === 0
    ? shown
    : [...shown, { outcome: "unknown", because: `${more} more files were not scanned`, facts: {} }];
}

const factsOf = ({ engine, signaturesOf, maxBytes }: Scanner): JsonObject => ({
  engine,
  maxBytes,
  ...(signaturesOf !== undefined && { signaturesOf }),
});

const described = ({ engine, signaturesOf }: JsonObject): string =>
  signaturesOf === undefined
    ? String(engine)
    : `${String(engine)} with signatures of ${String(signaturesOf)}`;
