/** Packs by LZFSE, plainly: the tables are fixed, and matches are the first that are found. */

interface Triple {
  readonly literals: Buffer;
  readonly match: number;
  readonly distance: number;
}

const LONGEST_LITERALS = 315;
const LONGEST_MATCH = 2359;
const FARTHEST = 262_139;
const MOST_TRIPLES = 9000;
const MOST_LITERALS = 39_000;

/** Frequencies of every width: small, eight bits, fourteen bits; each table full. */
const filled = (size: number, states: number, small: (symbol: number) => number, first = 0): number[] => {
  const table = Array.from({ length: size }, (_, symbol) => (symbol === first ? 0 : small(symbol)));
  table[first] = states - table.reduce((sum, one) => sum + one, 0);
  return table;
};
const COUNTS = filled(20, 64, (symbol) => (symbol === 3 ? 9 : 1));
const LENGTHS = filled(20, 64, () => 2);
const DISTANCES = filled(64, 256, (symbol) => 1 + (symbol % 7));
const LITERALS = filled(256, 1024, (symbol) => 1 + (symbol % 3), 0x65);

export const stored = (bytes: Buffer): Buffer => Buffer.concat([header("bvx-", bytes.length), bytes]);
export const END = Buffer.from("bvx$");

export function lzvnBlock(opcodes: Buffer, rawBytes: number): Buffer {
  const payload = Buffer.concat([opcodes, Buffer.from("0600000000000000", "hex")]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(payload.length);
  return Buffer.concat([header("bvxn", rawBytes), size, payload]);
}

/** @returns a whole stream of entropy blocks */
export function packEntropy(content: Buffer): Buffer {
  const blocks: Buffer[] = [];
  let held: Triple[] = [];
  let literals = 0;
  for (const triple of findTriples(content)) {
    if (held.length >= MOST_TRIPLES || literals + triple.literals.length > MOST_LITERALS) {
      blocks.push(entropyBlock(held));
      held = [];
      literals = 0;
    }
    held.push(triple);
    literals += triple.literals.length;
  }
  return Buffer.concat([...blocks, entropyBlock(held), END]);
}

function* findTriples(content: Buffer): Generator<Triple> {
  const last = new Map<string, number>();
  let from = 0;
  let at = 0;
  while (at < content.length) {
    const key = content.toString("latin1", at, at + 4);
    const before = key.length === 4 ? last.get(key) : undefined;
    last.set(key, at);
    const match = before === undefined || at - before > FARTHEST ? 0 : lengthOf(content, before, at);
    if (match === 0) at += 1;
    if (match > 0 || at - from === LONGEST_LITERALS || at === content.length) {
      const distance = match > 0 && before !== undefined ? at - before : 0;
      yield { literals: content.subarray(from, at), match, distance };
      at += match;
      from = at;
    }
  }
}

function lengthOf(content: Buffer, before: number, at: number): number {
  let length = 0;
  while (
    length < LONGEST_MATCH &&
    at + length < content.length &&
    content[before + length] === content[at + length]
  )
    length += 1;
  return length;
}

function entropyBlock(triples: readonly Triple[]): Buffer {
  const plain = Buffer.concat(triples.map(({ literals }) => literals));
  const padded = Buffer.concat([plain, Buffer.alloc((4 - (plain.length % 4)) % 4)]);
  const literal = new Encoder(
    LITERALS,
    Array.from({ length: 256 }, (_, base) => ({ base, bits: 0 })),
  );
  const states = [0, 0, 0, 0];
  const literalBits = new Bits();
  for (let at = padded.length - 1; at >= 0; at -= 1)
    states[at % 4] = literal.encode(states[at % 4] ?? 0, padded[at] ?? 0, literalBits);
  const matchBits = new Bits();
  const encoders = [
    new Encoder(COUNTS, LMD.counts),
    new Encoder(LENGTHS, LMD.lengths),
    new Encoder(DISTANCES, LMD.distances),
  ];
  const ends = [0, 0, 0];
  for (const [index, { literals, match, distance }] of [...triples.entries()].reverse()) {
    const same = index > 0 && triples[index - 1]?.distance === distance;
    for (const [which, value] of [literals.length, match, same ? 0 : distance].entries().toArray().reverse())
      ends[which] = encoders[which]?.encode(ends[which] ?? 0, value, matchBits) ?? 0;
  }
  const [literalPayload, matchPayload, frequencies] = [
    literalBits.finish(),
    matchBits.finish(),
    writeFrequencies(),
  ];
  const rawBytes = triples.reduce((sum, { literals, match }) => sum + literals.length + match, 0);
  const fields = [
    pack(
      [padded.length, 20],
      [literalPayload.bytes.length, 20],
      [triples.length, 20],
      [literalPayload.spare + 7, 3],
    ),
    pack(
      ...states.map((state): [number, number] => [state, 10]),
      [matchPayload.bytes.length, 20],
      [matchPayload.spare + 7, 3],
    ),
    pack([32 + frequencies.length, 32], ...ends.map((state): [number, number] => [state, 10])),
  ];
  return Buffer.concat([
    header("bvx2", rawBytes),
    ...fields,
    frequencies,
    literalPayload.bytes,
    matchPayload.bytes,
  ]);
}

type Symbols = readonly { readonly base: number; readonly bits: number }[];
const symbols = (plain: number, extra: readonly number[], first: number): Symbols => {
  const list = Array.from({ length: plain }, (_, base) => ({ base, bits: 0 }));
  let base = first;
  for (const bits of extra) {
    list.push({ base, bits });
    base += 2 ** bits;
  }
  return list;
};
const LMD = {
  counts: symbols(16, [2, 3, 5, 8], 16),
  lengths: symbols(16, [3, 5, 8, 11], 16),
  distances: symbols(
    0,
    Array.from({ length: 64 }, (_, symbol) => symbol >> 2),
    0,
  ),
};

/** Source: Apple, lzfse 1.0, `fse_init_encoder_table`, `fse_encode`. */
class Encoder {
  readonly #rows: readonly { bits: number; from: number; delta: number; shortDelta: number }[];
  readonly #symbols: Symbols;

  constructor(frequencies: readonly number[], known: Symbols) {
    const states = frequencies.reduce((sum, one) => sum + one, 0);
    let offset = 0;
    this.#symbols = known;
    this.#rows = frequencies.map((frequency) => {
      const bits = Math.clz32(frequency) - Math.clz32(states);
      const row = {
        bits,
        from: frequency * 2 ** bits - states,
        delta: offset - frequency + (states >> bits),
        shortDelta: offset - frequency + Math.floor(states / 2 ** (bits - 1)),
      };
      offset += frequency;
      return row;
    });
  }

  encode(state: number, value: number, out: Bits): number {
    const symbol = this.#symbols.findLastIndex(({ base }) => base <= value);
    const { base, bits: extra } = this.#symbols[symbol] ?? { base: 0, bits: 0 };
    const row = this.#rows[symbol];
    if (row === undefined) throw new RangeError(`no symbol for ${value}`);
    const isLong = state >= row.from;
    const bits = isLong ? row.bits : row.bits - 1;
    out.push((state & (2 ** bits - 1)) * 2 ** extra + (value - base), bits + extra);
    return (isLong ? row.delta : row.shortDelta) + (state >> bits);
  }
}

class Bits {
  readonly #bits: number[] = [];

  push(value: number, count: number): void {
    for (let bit = 0; bit < count; bit += 1) this.#bits.push(Math.floor(value / 2 ** bit) % 2);
  }

  finish(): { bytes: Buffer; spare: number } {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    for (const [at, bit] of this.#bits.entries()) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7));
    return { bytes, spare: this.#bits.length - bytes.length * 8 };
  }
}

function writeFrequencies(): Buffer {
  const out = new Bits();
  const small = [
    [0, 2],
    [2, 2],
    [1, 3],
    [5, 3],
    [3, 5],
    [11, 5],
    [19, 5],
    [27, 5],
  ] as const;
  for (const frequency of [...COUNTS, ...LENGTHS, ...DISTANCES, ...LITERALS]) {
    const [code, width] = small[frequency] ?? [0, 0];
    if (width > 0) out.push(code, width);
    else if (frequency < 24) out.push(7 + (frequency - 8) * 16, 8);
    else out.push(15 + (frequency - 24) * 16, 14);
  }
  return out.finish().bytes;
}

function pack(...fields: readonly (readonly [value: number, bits: number])[]): Buffer {
  let [word, at] = [0n, 0n];
  for (const [value, bits] of fields) {
    word |= BigInt(value) << at;
    at += BigInt(bits);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(word);
  return bytes;
}

function header(mark: string, rawBytes: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.write(mark, "latin1");
  bytes.writeUInt32LE(rawBytes, 4);
  return bytes;
}
