/**
 * How the program is built: build files that began to run what they decode, to look into binary files, or to link objects
 * that were brought along. The xz-utils backdoor came in through a macro that read a test file and handed it to a shell.
 * @module
 */

import { createHash } from "node:crypto";
import { type ByteSource, readExactly } from "@sallyport/core";
import { inWords } from "../executable/comparing.ts";
import {
  type CompareContext,
  type Difference,
  defineTrait,
  type ObserveContext,
  observed,
  type Pair,
  type Release,
  type Trait,
} from "../trait.ts";
import { isAside, isBinaryFormat, isGlue, isObjectFormat } from "./glue.ts";
import { type Feature, type Line, readLines, readMentions } from "./lines.ts";

export interface BuildInput {
  /** Of a build file. */
  readonly lines?: readonly Line[];
  /** Over all lines, when some were left out. */
  readonly sha256?: string;
  /** Last parts of paths that it mentions. */
  readonly mentions?: readonly string[];
  /** Of a file that stands beside the sources: it is no text. */
  readonly isBinary?: true;
}

export const buildInputs: Trait<BuildInput> = defineTrait<BuildInput>({
  id: "build-inputs",
  title: "Build files",
  question: "Do the build files run, decode or link what they did not before?",
  document: "GNU Autoconf and Automake manuals; CMake; POSIX.1-2017, Shell and Utilities; CVE-2024-3094",
  rules: {
    "build-runs-decoded": "A build file began to decode something and run it.",
    "build-links-object": "A build file began to use an object that was brought along, not built.",
    "build-unpacks-object": "A build file began to make an object or program out of a file of tests.",
    "build-reads-binary": "A build file began to decode a binary file that stands among tests.",
    "build-runs-text": "A build file began to hand texts to a shell.",
    "build-searches-binary": "A build file began to search the sources as if binary files were text.",
    "build-beyond-view": "A build file has more odd lines than are compared, and others than before.",
    "build-line-added": "A build file decodes, fetches or evaluates in a line that is new.",
  },
  observe: observeInput,
  compare: compareInputs,
});

const MAX_GLUE_BYTES = 8 * 1024 * 1024;
const MAX_LINES = 300;
const MAX_MENTIONS = 4000;
const HEAD_BYTES = 8192;

async function observeInput(
  source: ByteSource,
  { format, path, budget }: ObserveContext,
): Promise<BuildInput | undefined> {
  if (!isGlue(path)) {
    if (!isAside(path) || format !== "data" || source.sizeBytes === 0) return undefined;
    const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.sizeBytes), "build input");
    return isText(head, source.sizeBytes) ? undefined : { isBinary: true };
  }
  if (source.sizeBytes > MAX_GLUE_BYTES) return undefined;
  const bytes = await readExactly(source, 0, source.sizeBytes, "build file");
  const text = bytes.toString("utf8");
  const kept = new KeptLines();
  for (const line of readLines(text, () => budget.checkTime())) kept.add(line);
  return { ...kept.end(), mentions: readMentions(text, MAX_MENTIONS) };
}

/** The rarest lines first, so that many ordinary ones push none of those out. */
class KeptLines {
  readonly #rare: Line[] = [];
  readonly #usual: Line[] = [];
  readonly #hash = createHash("sha256");
  #count = 0;

  add(line: Line): void {
    this.#count += 1;
    this.#hash.update(line.text).update("\n");
    const lines = line.features.some((feature) => RARE.has(feature)) ? this.#rare : this.#usual;
    if (lines.length < MAX_LINES) lines.push(line);
  }

  end(): Pick<BuildInput, "lines" | "sha256"> {
    const lines = [...this.#rare, ...this.#usual].slice(0, MAX_LINES);
    return { lines, ...(this.#count > lines.length && { sha256: this.#hash.digest("hex") }) };
  }
}

const RARE: ReadonlySet<Feature> = new Set([
  "shell",
  "evaluate",
  "substitute",
  "hidden-command",
  "search",
  "one-line",
]);

/** A character may be cut where the look ends. */
function isText(head: Buffer, sizeBytes: number): boolean {
  if (head.includes(0)) return false;
  const whole = head.length < sizeBytes ? head.subarray(0, head.length - 4) : head;
  const replaced = whole.toString("utf8").split("\ufffd").length - 1;
  return replaced * 20 < whole.length;
}

function* compareInputs({ before, after }: Pair, context: CompareContext): Generator<Difference> {
  const now = observed(after, buildInputs);
  if (now?.lines === undefined || after === undefined) return;
  const old = observed(before, buildInputs);
  const known = new Set((old?.lines ?? []).map(({ text }) => text));
  const fresh = now.lines.filter(({ text }) => !known.has(text));
  const mentioned = newMentions(now, old, context);
  yield* judge({ fresh, isAdded: old === undefined, mentioned });
  if (now.sha256 !== undefined && old !== undefined && now.sha256 !== old.sha256)
    yield {
      rule: "build-beyond-view",
      risk: "low",
      because: "has more lines that decode or evaluate than are compared, and others than before",
    };
}

interface Mentioned {
  /** Binary files beside the sources. */
  readonly binaries: readonly string[];
  /** Objects and libraries that came with this release. */
  readonly newObjects: readonly string[];
}

/** Files of the release that the build file speaks of and did not. */
function newMentions(now: BuildInput, old: BuildInput | undefined, context: CompareContext): Mentioned {
  const known = new Set(old?.mentions ?? []);
  const members = membersByName(context.after);
  const [binaries, newObjects] = [new Set<string>(), new Set<string>()];
  for (const name of now.mentions ?? []) {
    if (known.has(name)) continue;
    for (const { path, isObject, isBinary } of members.get(name) ?? []) {
      if (isBinary) binaries.add(path);
      if (isObject && isAside(path) && context.before.byPath(path) === undefined) newObjects.add(path);
    }
  }
  return { binaries: [...binaries], newObjects: [...newObjects] };
}

interface NamedMember {
  readonly path: string;
  readonly isBinary: boolean;
  readonly isObject: boolean;
}

const MAX_OF_NAME = 16;
const byRelease = new WeakMap<Release, ReadonlyMap<string, readonly NamedMember[]>>();

/** Binary members, by the last part of their path. */
function membersByName(release: Release): ReadonlyMap<string, readonly NamedMember[]> {
  const known = byRelease.get(release);
  if (known !== undefined) return known;
  const members = new Map<string, NamedMember[]>();
  for (const portrait of release.members) {
    const { path, format } = portrait.member;
    const isObject = isObjectFormat(format);
    const isBinary =
      isAside(path) && (isBinaryFormat(format) || observed(portrait, buildInputs)?.isBinary === true);
    if (!isObject && !isBinary) continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const same = members.get(name) ?? [];
    members.set(name, same);
    if (same.length < MAX_OF_NAME) same.push({ path, isBinary, isObject });
  }
  byRelease.set(release, members);
  return members;
}

interface Change {
  readonly fresh: readonly Line[];
  /** The build file itself is new: a first configure script evaluates and decodes as all of them do. */
  readonly isAdded: boolean;
  readonly mentioned: Mentioned;
}

const RUNS: readonly Feature[] = ["shell", "evaluate"];
const RUNS_AT_ONCE: readonly Feature[] = [...RUNS, "substitute"];
const DECODES: readonly Feature[] = ["decode", "hidden-command"];

function* judge({ fresh, isAdded, mentioned }: Change): Generator<Difference> {
  const has = (...features: Feature[]): boolean =>
    fresh.some((line) => features.some((one) => line.features.includes(one)));
  const inOneLine = (one: readonly Feature[], other: readonly Feature[]): boolean =>
    fresh.some(
      ({ features }) =>
        one.some((name) => features.includes(name)) && other.some((name) => features.includes(name)),
    );
  if (mentioned.newObjects.length > 0)
    yield {
      rule: "build-links-object",
      risk: "high",
      because: `speaks of ${inWords(mentioned.newObjects)}, which came with this release and was not built`,
    };
  const { binaries } = mentioned;
  const runsDecoded =
    inOneLine(RUNS_AT_ONCE, DECODES) ||
    inOneLine(RUNS_AT_ONCE, ["fetch"]) ||
    (has(...RUNS) &&
      has(...DECODES) &&
      (has("search") || (!isAdded && (has("hidden-command") || binaries.length > 0))));
  if (runsDecoded) {
    yield {
      rule: "build-runs-decoded",
      risk: "high",
      because: "began to decode or fetch something and to run it",
      after: show(fresh),
    };
    return;
  }
  const unpacks = binaries.length > 0 && has("decode", "hidden-command", "one-line");
  if (unpacks && has("make-object"))
    yield {
      rule: "build-unpacks-object",
      risk: "high",
      because: `began to make something that runs out of ${inWords(binaries)}`,
      after: show(fresh),
    };
  else if (unpacks)
    yield {
      rule: "build-reads-binary",
      risk: isAdded ? "low" : "medium",
      because: `began to decode a binary file that stands among tests: ${inWords(binaries)}`,
      after: show(fresh),
    };
  else if (!isAdded && has("search"))
    yield {
      rule: "build-searches-binary",
      risk: "medium",
      because: "began to search the sources as if binary files were text",
      after: show(fresh.filter(({ features }) => features.includes("search"))),
    };
  else if (!isAdded && has(...RUNS))
    yield {
      rule: "build-runs-text",
      risk: "low",
      because: "began to hand texts to a shell",
      after: show(fresh.filter(({ features }) => RUNS.some((one) => features.includes(one)))),
    };
  else if (fresh.length > 0)
    yield {
      rule: "build-line-added",
      risk: "info",
      because: "decodes, fetches or evaluates in lines that are new",
      after: show(fresh),
    };
}

const MAX_SHOWN = 40;

const show = (lines: readonly Line[]): { readonly text: string } => ({
  text: lines
    .slice(0, MAX_SHOWN)
    .map(({ text }) => text)
    .join("\n")
    .slice(0, 4000),
});
