/**
 * Compares the artifact with the hashes its vendor published. What a publication says of this file by name
 * counts first; a weak digest can contradict but never prove.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { Check, ExamineRequest, Observation } from "../check.ts";
import { baseName, type HashAlgorithm, type PublishedEntry } from "./entry.ts";

/** Collisions are affordable for these: equal says nothing. */
const WEAK: ReadonlySet<HashAlgorithm> = new Set(["md5", "sha1"]);

export const publishedHash: Check = {
  id: "published-hash",
  question: "Are these the bytes whose hash the vendor published?",
  kind: "world",
  document: "GNU coreutils md5sum; winget, Scoop, electron-updater, Squirrel and npm manifests",
  recall: "stands",
  policyFacts: { algorithm: "String" },
  async examine(request) {
    const { published } = request.context;
    if (published === undefined) return { notChecked: "no published hashes were given with --published" };
    // Loaded when there is something to read: the reader of YAML alone is larger than the rest of a start.
    const { readPublication } = await import("./publication.ts");
    try {
      return await compare(readPublication(published.text), published.name, request);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      return unknown(`${published.name} ${error.message}`);
    }
  },
};

async function compare(
  entries: readonly PublishedEntry[],
  publication: string,
  request: ExamineRequest,
): Promise<Observation> {
  if (entries.length === 0) return unknown(`${publication} holds no hash in a form we know`);
  const label = baseName(request.context.label);
  const about = entriesAbout(entries, label);
  if (about.length > 0) return judge(about, publication, request);
  const others = await Promise.all(
    distinctAlgorithms(entries).map(async (algorithm) => ({
      algorithm,
      hex: await digestOf(request, algorithm),
    })),
  );
  const same = entries.find(
    (entry) =>
      !WEAK.has(entry.algorithm) &&
      others.some((own) => own.algorithm === entry.algorithm && own.hex === entry.hex),
  );
  if (same === undefined)
    return unknown(`${publication} does not mention ${label}, nor its hash under another name`);
  return {
    outcome: "pass",
    because: `${publication} does not mention ${label}, but publishes the same ${same.algorithm} for ${same.name}`,
    facts: { algorithm: same.algorithm, publishedAs: same.name ?? "" },
  };
}

/** Entries that name the file, exactly or in another case; else those that name no file at all. */
function entriesAbout(entries: readonly PublishedEntry[], label: string): readonly PublishedEntry[] {
  const exact = entries.filter(({ name }) => name === label);
  if (exact.length > 0) return exact;
  const folded = entries.filter(({ name }) => name?.toLowerCase() === label.toLowerCase());
  return folded.length > 0 ? folded : entries.filter(({ name }) => name === undefined);
}

/** Several files may share a name (one per architecture), so each digest must agree with one of its entries. */
async function judge(
  entries: readonly PublishedEntry[],
  publication: string,
  request: ExamineRequest,
): Promise<Observation> {
  const equal: HashAlgorithm[] = [];
  for (const algorithm of distinctAlgorithms(entries)) {
    const actual = await digestOf(request, algorithm);
    if (actual === undefined) continue;
    const published = entries.filter((entry) => entry.algorithm === algorithm).map(({ hex }) => hex);
    if (!published.includes(actual)) return different(publication, algorithm, published, actual);
    equal.push(algorithm);
  }
  const strong = equal.find((algorithm) => !WEAK.has(algorithm));
  if (strong !== undefined)
    return {
      outcome: "pass",
      because: `has the ${strong} that ${publication} publishes`,
      facts: { algorithm: strong },
    };
  const [weak] = equal;
  return weak === undefined
    ? unknown(`the digests that ${publication} uses could not be computed here`)
    : unknown(
        `has the ${weak} that ${publication} publishes, but ${weak} can be forged and proves nothing`,
        weak,
      );
}

function different(
  publication: string,
  algorithm: HashAlgorithm,
  published: readonly string[],
  actual: string,
): Observation {
  const shown = published.slice(0, 8);
  return {
    outcome: "fail",
    because: `has another ${algorithm} than ${publication} publishes: ${actual} instead of ${shown[0]}`,
    facts: { algorithm, published: shown, actual },
  };
}

const distinctAlgorithms = (entries: readonly PublishedEntry[]): readonly HashAlgorithm[] =>
  [...new Set(entries.map(({ algorithm }) => algorithm))].sort();

async function digestOf(
  { artifact, context }: ExamineRequest,
  algorithm: HashAlgorithm,
): Promise<string | undefined> {
  return algorithm === "sha256" ? artifact.root.sha256 : context.rootDigest?.(algorithm);
}

const unknown = (because: string, algorithm = ""): Observation => ({
  outcome: "unknown",
  because,
  facts: { algorithm },
});
