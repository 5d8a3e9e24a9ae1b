/** Decisions and evidence beside the log, named by the SHA-256 of their canonical JSON (RFC 8785). @module */

import { hash } from "node:crypto";
import { canonicalJson, type Decision, type Evidence, type Json, type JsonObject } from "@sallyport/core";
import { PieceMemory } from "./piece-memory.ts";

export interface DecisionContent {
  /** SHA-256 of the decision's JSON, hex. */
  readonly digest: string;
  /**
   * Every piece by its digest: the decision, in which evidence and what was asked stand by digest, and each of these once. What is
   * long in a question is a piece of its own: two checks ask about the same parts, and many decisions were made with the same lists.
   */
  readonly pieces: ReadonlyMap<string, string>;
}

export function contentOf(decision: Decision): DecisionContent {
  const pieces = new Map<string, string>();
  const keep = (value: Json): string => {
    const json = canonicalJson(value);
    const digest = hash("sha256", json);
    pieces.set(digest, json);
    return digest;
  };
  const evidence = decision.evidence.map((item) => keep(plainJson(item)));
  const asked = Object.entries(decision.asked ?? {}).map(([check, question]) => [
    check,
    keepQuestion(question, keep),
  ]);
  const digest = keep(
    plainJson({ ...decision, evidence, ...(asked.length > 0 && { asked: Object.fromEntries(asked) }) }),
  );
  return { digest, pieces };
}

/** As JSON: shorter, its name would be as long as it is. */
const LEAST_PIECE_CHARACTERS = 1024;

/** @returns the digest of the whole question, or of what is short in it beside those of its long members */
function keepQuestion(question: JsonObject, keep: (value: Json) => string): StoredQuestion {
  const members = Object.entries(plainJson(question) as JsonObject);
  const isLong = ([, value]: (typeof members)[number]) =>
    JSON.stringify(value).length >= LEAST_PIECE_CHARACTERS;
  const long = members.filter(isLong);
  if (long.length === 0) return keep(Object.fromEntries(members));
  return {
    rest: keep(Object.fromEntries(members.filter((one) => !isLong(one)))),
    members: Object.fromEntries(long.map(([name, value]) => [name, keep(value)])),
  };
}

/**
 * Puts a decision together again.
 * @param piece - the JSON of a digest, undefined when it is not there
 * @param known - pieces that were read before: whoever reads many decisions meets the long ones again and again
 * @returns undefined when a piece is missing or is not what its digest says
 */
export function decisionOf(
  digest: string,
  piece: (digest: string) => string | undefined,
  known: PieceMemory = new PieceMemory(),
): Decision | undefined {
  const read = (name: string): unknown => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const json = piece(name);
    if (json === undefined || hash("sha256", json) !== name) return undefined;
    const value: unknown = JSON.parse(json);
    known.keep(name, value, json.length);
    return value;
  };
  const stored = read(digest) as StoredDecision | undefined;
  if (stored === undefined) return undefined;
  const { asked: askedNames, ...rest } = stored;
  const evidence = stored.evidence.map((name) => read(name) as Evidence | undefined);
  const found = evidence.filter((item) => item !== undefined);
  if (found.length !== evidence.length) return undefined;
  if (askedNames === undefined) return { ...rest, evidence: found };
  const asked = Object.entries(askedNames).map(([check, stored]) => [check, readQuestion(stored, read)]);
  if (asked.some(([, value]) => value === undefined)) return undefined;
  return { ...rest, evidence: found, asked: Object.fromEntries(asked) };
}

function readQuestion(stored: StoredQuestion, read: (digest: string) => unknown): JsonObject | undefined {
  if (typeof stored === "string") return read(stored) as JsonObject | undefined;
  const rest = read(stored.rest) as JsonObject | undefined;
  const members = Object.entries(stored.members).map(([name, digest]) => [name, read(digest)] as const);
  if (rest === undefined || members.some(([, value]) => value === undefined)) return undefined;
  return { ...rest, ...(Object.fromEntries(members) as JsonObject) };
}

type StoredQuestion = string | { readonly rest: string; readonly members: Readonly<Record<string, string>> };

interface StoredDecision extends Omit<Decision, "evidence" | "asked"> {
  readonly evidence: readonly string[];
  readonly asked?: Readonly<Record<string, StoredQuestion>>;
}

/** Drops absent optional members, as JSON does, so that equal decisions have one form. */
const plainJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
