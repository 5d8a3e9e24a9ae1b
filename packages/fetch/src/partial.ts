/**
 * A download that was interrupted, and what proves that its rest is of the same thing.
 * Source: RFC 9110 §13.1.5 (If-Range), §14.2 (Range), §14.4 (Content-Range).
 * @module
 */

import { readFile, rm, stat, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";

export interface Partial {
  readonly sizeBytes: number;
  /** A strong entity tag or a date, as the server gave it. */
  readonly validator: string;
  /** All of it, where the server said. */
  readonly totalBytes?: number;
}

const STRONG_AGE_MILLISECONDS = 60_000;
const MAX_NOTE_BYTES = 16 * 1024;
const noteOf = (path: string): string => `${path}.note`;

/** @returns undefined when there is nothing to go on with */
export async function findPartial(path: string, url: URL): Promise<Partial | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile() !== true || status.size === 0) return undefined;
  const note = await readNote(noteOf(path));
  if (note?.url !== url.href || typeof note.validator !== "string") return undefined;
  const { validator, totalBytes } = note;
  return {
    sizeBytes: status.size,
    validator,
    ...(typeof totalBytes === "number" && { totalBytes }),
  };
}

interface Note {
  readonly url?: unknown;
  readonly validator?: unknown;
  readonly totalBytes?: unknown;
}

async function readNote(path: string): Promise<Note | undefined> {
  try {
    const text = await readFile(path, "utf8");
    const value: unknown = text.length > MAX_NOTE_BYTES ? undefined : JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Written before the first byte; without a validator nothing is ever gone on with. */
export async function notePartial(path: string, url: URL, answer: IncomingMessage): Promise<void> {
  const validator = validatorOf(answer);
  if (validator === undefined) return forgetPartial(path);
  const length = Number(answer.headers["content-length"]);
  const totalBytes = Number.isSafeInteger(length) ? { totalBytes: length } : {};
  await writeFile(noteOf(path), JSON.stringify({ url: url.href, validator, ...totalBytes }), { mode: 0o600 });
}

export const forgetPartial = (path: string): Promise<void> => rm(noteOf(path), { force: true });

/**
 * A weak tag says that something is as good, not that its bytes are the same; and so does a date that is as young as the
 * answer. RFC 9110 §8.8.2.2, §13.1.5
 */
function validatorOf({ headers }: IncomingMessage): string | undefined {
  const { etag, date, "last-modified": modified } = headers;
  if (isStrongTag(etag)) return etag;
  const age = Date.parse(date ?? "") - Date.parse(modified ?? "");
  return age >= STRONG_AGE_MILLISECONDS ? modified : undefined;
}

const isStrongTag = (tag: string | undefined): boolean =>
  tag !== undefined && /^"[\x21\x23-\x7e]{1,500}"$/.test(tag);

/** @returns whether the answer goes on exactly where the partial file ends, with as many bytes as there should be */
export function continues({ headers }: IncomingMessage, partial: Partial): boolean {
  const [, from, to, total] =
    /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  if (Number(from) !== partial.sizeBytes || headers["content-encoding"] !== undefined) return false;
  // Some servers send a part of whatever they have by now.
  if (isStrongTag(partial.validator) && headers.etag !== undefined && headers.etag !== partial.validator)
    return false;
  if (total === "*" || partial.totalBytes === undefined) return true;
  return Number(total) === partial.totalBytes && Number(to) === partial.totalBytes - 1;
}
