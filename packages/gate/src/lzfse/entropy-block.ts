/**
 * A block packed by finite state entropy: literals first, then triples of literal count, match length and distance, both
 * read backwards. Source: Apple, lzfse 1.0, `lzfse_decode_base.c`, `lzfse_internal.h`.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { BackwardBits } from "./backward-bits.ts";
import { damaged, type Output } from "./output.ts";
import { buildStates, readFrequencies, type StateTable } from "./states.ts";

const FIXED_HEADER_BYTES = 32;
/** What the reference decoder holds for one block. */
const MAX_LITERALS = 40_000;
const MAX_MATCHES = 10_000;

const counted = (count: number, extra: readonly number[]) => [...new Array<number>(count).fill(0), ...extra];
const upTo = (count: number, more: readonly number[]) => [...new Array<number>(count).keys(), ...more];

const LITERAL_COUNT = { bits: counted(16, [2, 3, 5, 8]), base: upTo(16, [16, 20, 28, 60]), states: 64 };
const MATCH_LENGTH = { bits: counted(16, [3, 5, 8, 11]), base: upTo(16, [16, 24, 56, 312]), states: 64 };
const DISTANCE = distances();
const LITERAL = { bits: counted(256, []), base: upTo(256, []), states: 1024 };

/** Four symbols for each number of extra bits, each beginning where the one before ends. */
function distances(): { bits: number[]; base: number[]; states: number } {
  const bits = Array.from({ length: 64 }, (_, symbol) => symbol >> 2);
  const base: number[] = [];
  let next = 0;
  for (const extra of bits) {
    base.push(next);
    next += 2 ** extra;
  }
  return { bits, base, states: 256 };
}

interface Header {
  readonly literals: number;
  readonly literalBytes: number;
  readonly literalBits: number;
  readonly literalStates: readonly number[];
  readonly matches: number;
  readonly matchBytes: number;
  readonly matchBits: number;
  readonly headerBytes: number;
  readonly states: readonly [literal: number, match: number, distance: number];
}

/**
 * @returns how long the block is
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`
 */
export function unpackEntropyBlock(block: Buffer, output: Output): number {
  const header = readHeader(block);
  const { headerBytes, literalBytes, matchBytes } = header;
  const endBytes = headerBytes + literalBytes + matchBytes;
  if (endBytes > block.length) throw new ArtifactError("artifact.truncated", "LZFSE: a block is cut short");
  const sizes = [LITERAL_COUNT, MATCH_LENGTH, DISTANCE, LITERAL].map(({ bits }) => bits.length);
  const frequencies = readFrequencies(block.subarray(FIXED_HEADER_BYTES, headerBytes), sizes);
  const [counts = [], lengths = [], places = [], bytes = []] = frequencies;
  const literals = unpackLiterals(
    header,
    block.subarray(headerBytes, headerBytes + literalBytes),
    buildStates(bytes, LITERAL),
  );
  const tables = [
    buildStates(counts, LITERAL_COUNT),
    buildStates(lengths, MATCH_LENGTH),
    buildStates(places, DISTANCE),
  ] as const;
  writeMatches(header, block.subarray(headerBytes + literalBytes, endBytes), { tables, literals, output });
  return endBytes;
}

function readHeader(block: Buffer): Header {
  if (block.length < FIXED_HEADER_BYTES) throw new ArtifactError("artifact.truncated", "LZFSE: cut short");
  const fields = [8, 16, 24].map((at) => block.readBigUInt64LE(at));
  const field = (index: number, from: number, bits: number): number =>
    Number(((fields[index] ?? 0n) >> BigInt(from)) & ((1n << BigInt(bits)) - 1n));
  const header = {
    literals: field(0, 0, 20),
    literalBytes: field(0, 20, 20),
    matches: field(0, 40, 20),
    literalBits: field(0, 60, 3) - 7,
    literalStates: [0, 10, 20, 30].map((from) => field(1, from, 10)),
    matchBytes: field(1, 40, 20),
    matchBits: field(1, 60, 3) - 7,
    headerBytes: field(2, 0, 32),
    states: [field(2, 32, 10), field(2, 42, 10), field(2, 52, 10)] as const,
  };
  if (header.headerBytes < FIXED_HEADER_BYTES || header.headerBytes > block.length)
    throw damaged("a header of an impossible length");
  if (header.literals > MAX_LITERALS || header.literals % 4 !== 0 || header.matches > MAX_MATCHES)
    throw damaged("more literals or matches than a block has");
  return header;
}

/** Four states take turns. */
function unpackLiterals(header: Header, payload: Buffer, table: StateTable): Buffer {
  const bits = new BackwardBits(payload, header.literalBits);
  const states = [...header.literalStates];
  const literals = Buffer.alloc(header.literals);
  for (let at = 0; at < literals.length; at += 1) {
    const turn = at % 4;
    literals[at] = table.valueAt(states[turn] ?? 0, bits);
    states[turn] = table.nextState;
  }
  return literals;
}

function writeMatches(
  header: Header,
  payload: Buffer,
  unpacked: {
    tables: readonly [StateTable, StateTable, StateTable];
    literals: Buffer;
    output: Output;
  },
): void {
  const { literals, output } = unpacked;
  const [counts, lengths, places] = unpacked.tables;
  const bits = new BackwardBits(payload, header.matchBits);
  let [countState, lengthState, placeState] = header.states;
  let distance = 0;
  let used = 0;
  for (let match = 0; match < header.matches; match += 1) {
    const count = counts.valueAt(countState, bits);
    countState = counts.nextState;
    const length = lengths.valueAt(lengthState, bits);
    lengthState = lengths.nextState;
    const place = places.valueAt(placeState, bits);
    placeState = places.nextState;
    if (place > 0) distance = place;
    if (used + count > literals.length) throw damaged("it takes more literals than there are");
    output.write(literals, used, count);
    used += count;
    if (length > 0) output.repeat(distance, length);
  }
}
