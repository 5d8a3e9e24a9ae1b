/**
 * Rules compiled once and asked of many members. Members up to {@link WHOLE_BYTES} are scanned whole, so that a rule
 * sees everything it combines; larger ones in windows that overlap.
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, MAX_READ_BYTES } from "@sallyport/core";
import { readPlaces, readScan } from "./scan-result.ts";
import { startYaraX } from "./yara-x.ts";

/** Members up to this size are scanned whole. */
export const WHOLE_BYTES: number = 2 * MAX_READ_BYTES;
const WINDOW_BYTES = 32 * 1024 * 1024;
const OVERLAP_BYTES = 1024 * 1024;

export interface RuleSource {
  /** Keeps equal names of two files apart. */
  readonly namespace: string;
  readonly text: string;
}

/** Variables that public rules expect to be told, by their usual names. */
export interface Externals {
  readonly filename: string;
  readonly filepath: string;
  /** With its dot, as those rules write it. */
  readonly extension: string;
  readonly filetype: string;
  readonly owner: string;
}

export interface RuleMatch {
  readonly rule: string;
  readonly namespace: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly hits: readonly PatternHit[];
}

/** Where one pattern of a rule stands first. */
export interface PatternHit {
  /** Its name in the rule, with `$`. */
  readonly pattern: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

export interface ScanRequest {
  /** For rules that may ask for them, and no others. */
  readonly externals?: Externals;
  readonly budget: Budget;
  readonly maxHeldBytes: number;
}

export interface RuleSet {
  /** What the compiler wondered at. */
  readonly warnings: readonly string[];
  /** @throws ArtifactError when the time is up or the engine could not finish */
  scan(source: ByteSource, request: ScanRequest): Promise<readonly RuleMatch[]>;
  /**
   * @returns every place where a pattern of a matching rule stands; undefined when there are more than were looked for
   * @throws ArtifactError when the engine could not finish
   */
  locate(bytes: Uint8Array): readonly number[] | undefined;
}

const NO_EXTERNALS: Externals = { filename: "", filepath: "", extension: "", filetype: "", owner: "" };

export interface Compiling {
  /** Of one pattern that are looked for; conditions cannot count beyond it. */
  readonly mostHits: number;
  /** Whether the rules may ask for {@link Externals}; that there are any triples the price of a small scan. */
  readonly mayAskExternals: boolean;
}

/**
 * Compiles rules.
 * @throws Error whose message is the compiler's, with the place
 */
export async function compileRules(
  sources: readonly RuleSource[],
  { mostHits, mayAskExternals }: Compiling,
): Promise<RuleSet> {
  const { Compiler } = await startYaraX();
  using compiler = new Compiler();
  if (mayAskExternals)
    for (const [name, value] of Object.entries(NO_EXTERNALS)) compiler.defineGlobal(name, value);
  for (const { namespace, text } of sources) {
    compiler.newNamespace(namespace);
    compiler.addSource(text);
  }
  const { warnings } = compiler;
  const scanner = compiler.build().scanner();
  scanner.setMaxMatchesPerPattern(mostHits);
  const ask = <Answer>(bytes: Uint8Array, read: (result: unknown) => Answer): Answer => {
    try {
      return read(scanner.scan(bytes));
    } catch (cause) {
      throw new ArtifactError("artifact.over-limit", "the rules could not be asked to the end", { cause });
    }
  };
  const scanBytes = (bytes: Uint8Array, offset: number) => ask(bytes, (result) => readScan(result, offset));
  return {
    warnings,
    locate: (bytes) => ask(bytes, (result) => readPlaces(result, mostHits)),
    async scan(source, { externals, budget, maxHeldBytes }) {
      for (const [name, value] of Object.entries(externals ?? {})) scanner.setGlobal(name, value);
      if (source.sizeBytes <= Math.min(WHOLE_BYTES, maxHeldBytes)) {
        budget.checkTime();
        return scanBytes(await readWhole(source), 0);
      }
      const found = new Map<string, RuleMatch>();
      for (let at = 0; at < source.sizeBytes; at += WINDOW_BYTES - OVERLAP_BYTES) {
        budget.checkTime();
        const length = Math.min(WINDOW_BYTES, source.sizeBytes - at);
        for (const match of scanBytes(await source.read(at, length), at)) {
          const key = `${match.namespace}\n${match.rule}`;
          if (!found.has(key)) found.set(key, match);
        }
      }
      return [...found.values()];
    },
  };
}

/** What is in memory already is not copied: the two halves that can be read of it lie side by side. */
async function readWhole(source: ByteSource): Promise<Uint8Array> {
  const { sizeBytes } = source;
  const first = await source.read(0, Math.min(sizeBytes, MAX_READ_BYTES));
  if (sizeBytes <= MAX_READ_BYTES) return first;
  const second = await source.read(MAX_READ_BYTES, sizeBytes - MAX_READ_BYTES);
  if (first.buffer === second.buffer && first.byteOffset + first.length === second.byteOffset)
    return new Uint8Array(first.buffer, first.byteOffset, sizeBytes);
  const whole = new Uint8Array(sizeBytes);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
