/** Asks our own rules of one member. @module */

import type { ByteSource } from "@sallyport/core";
import { type FileKind, NAMES } from "../../rules/behaviours/behaviour.ts";
import { behaviourPrefilter, behaviourRules } from "../../rules/behaviours/compile.ts";
import { behaviours } from "../../rules/behaviours/registry.ts";
import { PREFILTERED_BYTES } from "../../rules/prefilter/prefilter.ts";
import type { PatternHit, RuleMatch } from "../../rules/rule-set.ts";
import type { ObserveContext } from "../trait.ts";
import type { Behaving, Done } from "./observed.ts";

const SHOWN_BYTES = 64;
const SHOWN_LINES = 12;
const LINE_CHARACTERS = 120;

/** @returns what the member does; undefined for data that does nothing, as nearly all does */
export async function observeBehaviours(
  source: ByteSource,
  kind: FileKind,
  context: ObserveContext,
): Promise<Behaving | undefined> {
  const matches = await scan(source, kind, context);
  const speaking = matches.filter(({ metadata }) => (metadata.files ?? "").split(" ").includes(kind));
  const does: Done[] = [];
  for (const { id } of behaviours) {
    const ofIt = speaking.filter(({ namespace }) => namespace === id);
    if (ofIt.length > 0) does.push(await describe(id, ofIt, source));
  }
  reportStrength(kind, does, context);
  return does.length === 0 && kind === "data" ? undefined : { kind, does };
}

/** A scan costs milliseconds however small the file is: what can be told without one is. */
async function scan(
  source: ByteSource,
  kind: FileKind,
  context: ObserveContext,
): Promise<readonly RuleMatch[]> {
  context.budget.checkTime();
  if (context.isClear === true) return [];
  const isSmall = source.sizeBytes <= PREFILTERED_BYTES;
  if (isSmall && !behaviourPrefilter().mayMatch(await source.read(0, source.sizeBytes), kind)) return [];
  return (await behaviourRules()).scan(source, context);
}

async function describe(id: string, matches: readonly RuleMatch[], source: ByteSource): Promise<Done> {
  const patterns = matches.flatMap(({ rule, hits }) => hits.map(({ pattern }) => `${rule}${pattern}`)).sort();
  const hits = matches.flatMap((match) => match.hits);
  const [first] = hits;
  const offsetBytes = first?.offsetBytes ?? 0;
  const length = Math.min(SHOWN_BYTES, source.sizeBytes - offsetBytes);
  const lines: string[] = [];
  for (const hit of hits.slice(0, SHOWN_LINES)) lines.push(await readLine(hit, source));
  return {
    id,
    patterns,
    offsetBytes,
    hex: Buffer.from(await source.read(offsetBytes, length)).toString("hex"),
    text: [...new Set(lines)].join("\n"),
  };
}

/** As text where it is text, in one byte or in two to a character; otherwise its bytes. */
async function readLine({ offsetBytes, lengthBytes }: PatternHit, source: ByteSource): Promise<string> {
  const length = Math.min(lengthBytes, 2 * LINE_CHARACTERS, source.sizeBytes - offsetBytes);
  const bytes = Buffer.from(await source.read(offsetBytes, length));
  const isWide = bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0;
  const text = bytes.toString(isWide ? "utf16le" : "latin1").replaceAll(/\s+/g, " ");
  return /^[\x20-\x7e]+$/.test(text)
    ? text.slice(0, LINE_CHARACTERS)
    : bytes.subarray(0, SHOWN_BYTES).toString("hex");
}

const STRENGTH = { high: 8, medium: 3, low: 1, info: 0 } as const;

/** Without an earlier release nothing is gained; what the strongest files can do is shown. */
function reportStrength(kind: FileKind, does: readonly Done[], { report }: ObserveContext): void {
  const strong = behaviours.filter(
    ({ id, gained }) => gained[kind] !== "info" && does.some((done) => done.id === id),
  );
  const because =
    strong.length === 0
      ? "does nothing that is unusual for a file of its kind"
      : `the ${NAMES[kind]} ${listed(strong.map((behaviour) => behaviour.does))}`;
  const strength = strong.reduce((sum, { gained }) => sum + STRENGTH[gained[kind]], 0);
  report({
    check: "behaviours",
    outcome: "pass",
    because,
    facts: { behaviours: strong.map(({ id }) => id), strength },
  });
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
