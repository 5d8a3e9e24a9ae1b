/** Flags that several commands share, and how their values are read. @module */

import { type Limits, UsageError } from "@sallyport/core";
import type { Command } from "commander";
import { DEFAULT_MAX_MEMORY_BYTES } from "./judge.ts";

export interface OpeningOptions {
  readonly maxMemory?: string;
  readonly maxEntries?: string;
  readonly maxBytes?: string;
  readonly maxDepth?: string;
  readonly maxSeconds?: string;
}

/** Commander's way of collecting a flag that may stand several times. */
export const collected = (value: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  value,
];

export function addOpeningOptions(command: Command): Command {
  return command
    .option("--max-memory <size>", "memory the parser process may take, for example 512M (default 1G)")
    .option("--max-entries <count>", "members over all levels")
    .option("--max-bytes <size>", "unpacked bytes over all levels, for example 20G")
    .option("--max-depth <count>", "containers inside containers")
    .option("--max-seconds <count>", "time for opening one file");
}

export function addPolicyOptions(command: Command): Command {
  return command
    .option("--policy <folder>", "folder of .cedar files to add; repeatable", collected, [])
    .option(
      "--without-default <id>",
      "switch a default policy off; shown in the verdict; repeatable",
      collected,
      [],
    );
}

/** @throws UsageError `usage.value` */
export function openingLimits(options: OpeningOptions): { limits: Partial<Limits>; maxMemoryBytes: number } {
  const { maxMemory, maxEntries, maxBytes, maxDepth, maxSeconds } = options;
  return {
    limits: {
      ...(maxEntries === undefined ? {} : { entries: readCount("--max-entries", maxEntries) }),
      ...(maxBytes === undefined ? {} : { bytes: readSize("--max-bytes", maxBytes) }),
      ...(maxDepth === undefined ? {} : { depth: readCount("--max-depth", maxDepth) }),
      ...(maxSeconds === undefined ? {} : { milliseconds: readCount("--max-seconds", maxSeconds) * 1000 }),
    },
    maxMemoryBytes: maxMemory === undefined ? DEFAULT_MAX_MEMORY_BYTES : readSize("--max-memory", maxMemory),
  };
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

/** `512M`, `20G`, or bytes. */
function readSize(flag: string, text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,12})([KMGT]?)B?$/i.exec(text) ?? [];
  const bytes = Number(digits) * (UNIT_BYTES[unit.toUpperCase()] ?? Number.NaN);
  if (digits === "" || !Number.isSafeInteger(bytes) || bytes === 0)
    throw new UsageError("usage.value", `${flag} ${text}: expected a size such as 512M or 20G`);
  return bytes;
}

function readCount(flag: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new UsageError("usage.value", `${flag} ${text}: expected a whole number from 1 to 999999999`);
  return Number(text);
}

/** A day, counted to its end in UTC, or a moment. @throws UsageError `usage.value` */
export function readUntil(text: string): Date {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(text);
  const date = new Date(isDay ? `${text}T23:59:59Z` : text);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  if (!(isDay || isMoment) || !isReal)
    throw new UsageError("usage.value", `--until ${text}: expected a day such as 2027-01-31`);
  return date;
}

/** @throws UsageError `usage.value` for one that is empty or too long to be meant */
export function readText(flag: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > 500)
    throw new UsageError("usage.value", `${flag}: expected between 1 and 500 characters`);
  return trimmed;
}

/** A name, or the hash of a certificate. @throws UsageError `usage.value` for a hash that can match nothing */
export function readSigner(flag: string, text: string): string {
  const signer = readText(flag, text);
  if (/^sha256:/i.test(signer) && !/^sha256:[0-9a-f]{64}$/i.test(signer))
    throw new UsageError(
      "usage.value",
      `${flag} ${signer}: expected sha256: and 64 hexadecimal digits, or a name`,
    );
  return signer;
}
