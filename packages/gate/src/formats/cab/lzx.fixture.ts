/**
 * Packs with LZX, for tests: every kind of block, repeated distances, code lengths told as differences and runs.
 * What it wrote was unpacked by cabextract 1.9 and 7-Zip 26.02 to the same bytes. Source: [MS-PATCH] §2.
 */

const FRAME_BYTES = 32_768;
const SLOTS: readonly number[] = [30, 32, 34, 36, 38, 42, 50];
const EXTRA = Array.from({ length: 51 }, (_, slot) => (slot < 4 ? 0 : slot < 36 ? (slot >> 1) - 1 : 17));
const BASE: number[] = [0];
for (const extra of EXTRA) BASE.push((BASE.at(-1) ?? 0) + 2 ** extra);

export type LzxBlockKind = "verbatim" | "aligned" | "uncompressed";

export interface LzxRequest {
  readonly content: Buffer;
  readonly windowBits: number;
  /** Kinds of block, over and over. */
  readonly kinds: readonly LzxBlockKind[];
  /** Bytes of a block; it may cross frames. */
  readonly blockBytes?: number;
  /** Translate calls of a program of this size. */
  readonly programBytes?: number;
}

/** @returns one piece per frame */
export function packLzx(request: LzxRequest): Buffer[] {
  const { content, windowBits, kinds, programBytes = 0, blockBytes = 20_001 } = request;
  const state: State = {
    content: programBytes === 0 ? content : translateCalls(content, programBytes),
    windowBytes: 2 ** windowBits,
    recent: [1, 1, 1],
    seen: new Map(),
    mainLengths: new Uint8Array(256 + 8 * (SLOTS[windowBits - 15] ?? 0)),
    lengthLengths: new Uint8Array(249),
  };
  const bits = new BitWriter();
  bits.write(programBytes === 0 ? 0 : 1, 1);
  if (programBytes > 0) bits.write(programBytes, 32);
  for (let at = 0, index = 0; at < content.length; at += blockBytes, index += 1) {
    const end = Math.min(at + blockBytes, content.length);
    writeBlock(bits, state, { at, end, kind: kinds[index % kinds.length] ?? "verbatim" });
  }
  if (content.length % FRAME_BYTES !== 0) bits.endFrame();
  return bits.frames;
}

interface State {
  readonly content: Buffer;
  readonly windowBytes: number;
  readonly recent: [number, number, number];
  readonly seen: Map<number, number>;
  mainLengths: Uint8Array;
  lengthLengths: Uint8Array;
}

interface Block {
  readonly at: number;
  readonly end: number;
  readonly kind: LzxBlockKind;
}

interface Token {
  readonly main: number;
  readonly length?: number;
  readonly slot: number;
  readonly rest: number;
}

function writeBlock(bits: BitWriter, state: State, { at, end, kind }: Block): void {
  bits.write(kind === "verbatim" ? 1 : kind === "aligned" ? 2 : 3, 3);
  bits.write(end - at, 24);
  if (kind === "uncompressed") {
    const recent = Buffer.alloc(12);
    for (const [index, distance] of state.recent.entries()) recent.writeUInt32LE(distance, index * 4);
    bits.alignForBytes();
    bits.writeBytes(recent);
    for (const [from, to] of framesOf(at, end)) {
      bits.writeBytes(state.content.subarray(from, to));
      if (to === end) bits.writeBytes(Buffer.alloc((end - at) % 2));
      if (to % FRAME_BYTES === 0) bits.endFrame();
    }
    return;
  }
  const frames = framesOf(at, end).map(([from, to]) => ({ to, tokens: findTokens(state, from, to) }));
  const tokens = frames.flatMap((frame) => frame.tokens);
  const main = lengthsFor(
    tokens.map((token) => token.main),
    state.mainLengths.length,
  );
  const length = lengthsFor(
    tokens.flatMap((token) => token.length ?? []),
    249,
  );
  const aligned = Uint8Array.of(3, 3, 3, 3, 3, 3, 3, 3);
  if (kind === "aligned") for (const bitCount of aligned) bits.write(bitCount, 3);
  writeLengths(bits, state.mainLengths.subarray(0, 256), main.subarray(0, 256));
  writeLengths(bits, state.mainLengths.subarray(256), main.subarray(256));
  writeLengths(bits, state.lengthLengths, length);
  state.mainLengths = main;
  state.lengthLengths = length;
  const [mainCodes, lengthCodes, alignedCodes] = [codesOf(main), codesOf(length), codesOf(aligned)];
  for (const frame of frames) {
    for (const token of frame.tokens) {
      mainCodes(bits, token.main);
      if (token.length !== undefined) lengthCodes(bits, token.length);
      const extra = EXTRA[token.slot] ?? 0;
      if (token.main < 256 || extra === 0) continue;
      if (kind === "aligned" && extra >= 3) {
        bits.write(token.rest >>> 3, extra - 3);
        alignedCodes(bits, token.rest & 7);
      } else bits.write(token.rest, extra);
    }
    if (frame.to % FRAME_BYTES === 0) bits.endFrame();
  }
}

/** The pieces of a block, none of which crosses a frame. */
function framesOf(at: number, end: number): [number, number][] {
  const pieces: [number, number][] = [];
  for (let from = at; from < end; ) {
    const to = Math.min(end, (Math.floor(from / FRAME_BYTES) + 1) * FRAME_BYTES);
    pieces.push([from, to]);
    from = to;
  }
  return pieces;
}

function findTokens(state: State, start: number, end: number): Token[] {
  const { content, recent, seen } = state;
  const tokens: Token[] = [];
  for (let at = start; at < end; ) {
    const key = at + 2 < end ? content.readUIntLE(at, 3) : -1;
    const from = seen.get(key);
    if (key >= 0) seen.set(key, at);
    const distance = from === undefined ? 0 : at - from;
    if (from === undefined || distance > state.windowBytes - 3) {
      tokens.push({ main: content.readUInt8(at), slot: 0, rest: 0 });
      at += 1;
      continue;
    }
    let length = 3;
    while (length < 257 && at + length < end && content[at + length] === content[from + length]) length += 1;
    tokens.push(matchToken(recent, distance, length));
    at += length;
  }
  return tokens;
}

function matchToken(recent: [number, number, number], distance: number, length: number): Token {
  const repeated = recent.indexOf(distance);
  let slot = repeated;
  let rest = 0;
  if (repeated >= 0) {
    recent[repeated] = recent[0];
    recent[0] = distance;
  } else {
    slot = BASE.findIndex((base) => base > distance + 2) - 1;
    rest = distance + 2 - (BASE[slot] ?? 0);
    recent.unshift(distance);
    recent.pop();
  }
  const short = Math.min(7, length - 2);
  const main = 256 + slot * 8 + short;
  return short === 7 ? { main, length: length - 9, slot, rest } : { main, slot, rest };
}

/** A complete code for the symbols that occur, with lengths as equal as can be. */
function lengthsFor(symbols: readonly number[], count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  const used = [...new Set(symbols)].sort((a, b) => a - b);
  if (used.length === 0) return lengths;
  if (used.length === 1) used.push(used[0] === 0 ? 1 : 0);
  const longest = Math.ceil(Math.log2(used.length));
  for (const [index, symbol] of used.entries()) {
    lengths[symbol] = index < 2 ** longest - used.length ? longest - 1 : longest;
  }
  return lengths;
}

function codesOf(lengths: Uint8Array): (bits: BitWriter, symbol: number) => void {
  const codes = new Map<number, number>();
  let code = 0;
  for (let length = 1; length <= 16; length += 1) {
    code <<= 1;
    for (const [symbol, own] of lengths.entries()) {
      if (own !== length) continue;
      codes.set(symbol, code);
      code += 1;
    }
  }
  return (bits, symbol) => bits.write(codes.get(symbol) ?? 0, lengths[symbol] ?? 0);
}

function writeLengths(bits: BitWriter, before: Uint8Array, lengths: Uint8Array): void {
  const pretree = Uint8Array.from({ length: 20 }, (_, symbol) => (symbol < 12 ? 4 : 5));
  for (const bitCount of pretree) bits.write(bitCount, 4);
  const write = codesOf(pretree);
  for (let at = 0; at < lengths.length; ) {
    let run = 1;
    while (at + run < lengths.length && lengths[at + run] === lengths[at]) run += 1;
    const length = lengths[at] ?? 0;
    const difference = ((before[at] ?? 0) + 17 - length) % 17;
    if (length === 0 && run >= 20) {
      run = Math.min(run, 51);
      write(bits, 18);
      bits.write(run - 20, 5);
    } else if (length === 0 && run >= 4) {
      run = Math.min(run, 19);
      write(bits, 17);
      bits.write(run - 4, 4);
    } else if (run >= 4) {
      run = Math.min(run, 5);
      write(bits, 19);
      bits.write(run - 4, 1);
      write(bits, difference);
    } else {
      run = 1;
      write(bits, difference);
    }
    at += run;
  }
}

/** Relative targets of CALL become absolute, frame by frame. */
function translateCalls(content: Buffer, programBytes: number): Buffer {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += FRAME_BYTES) {
    const end = Math.min(start + FRAME_BYTES, bytes.length) - 10;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== 0xe8) continue;
      const relative = bytes.readInt32LE(at + 1);
      if (relative >= -at && relative < programBytes - at) bytes.writeInt32LE(relative + at, at + 1);
      else if (relative >= programBytes - at && relative < programBytes) {
        bytes.writeInt32LE(relative - programBytes, at + 1);
      }
      at += 4;
    }
  }
  return bytes;
}

class BitWriter {
  readonly frames: Buffer[] = [];
  readonly #bytes: number[] = [];
  #word = 0;
  #count = 0;

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      this.#word = (this.#word << 1) | (Math.floor(value / 2 ** bit) & 1);
      this.#count += 1;
      if (this.#count === 16) this.#flush();
    }
  }

  /** One to sixteen bits of filling. */
  alignForBytes(): void {
    do this.write(0, 1);
    while (this.#count !== 0);
  }

  writeBytes(bytes: Buffer): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  endFrame(): void {
    while (this.#count !== 0) this.write(0, 1);
    this.frames.push(Buffer.from(this.#bytes));
    this.#bytes.length = 0;
  }

  #flush(): void {
    this.#bytes.push(this.#word & 0xff, this.#word >>> 8);
    this.#word = 0;
    this.#count = 0;
  }
}
