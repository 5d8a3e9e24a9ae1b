/**
 * What stands between LZMA2 and the content: the compressor changed the bytes so that they pack better, without
 * changing how many they are. Source: xz-file-format 1.2.1 §5.3.2, §5.3.3.
 * @module
 */

/** Undoes one filter on the bytes of one block. */
export interface Filter {
  /**
   * Turns bytes back where they lie.
   * @param bytes - what was left over the last time, and what follows
   * @returns how many of them are done; the rest needs to see more
   */
  restore(bytes: Buffer): number;
}

/**
 * Turns back the addresses of one processor's instructions.
 * @param address - of the first byte, as the compressor counted: 32 bits
 * @returns how many bytes are done
 */
export type AddressConverter = (bytes: Buffer, address: number) => number;

/** @param startOffset - what the compressor took the first byte's address for */
export function addressFilter(convert: AddressConverter, startOffset: number): Filter {
  let address = startOffset;
  const restore = (bytes: Buffer): number => {
    const done = convert(bytes, address);
    address = (address + done) >>> 0;
    return done;
  };
  return { restore };
}

/** What a filter cannot finish before the end was never changed: an instruction does not fit there. */
export async function* applyFilter(pieces: AsyncIterable<Buffer>, filter: Filter): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece]);
    const done = filter.restore(bytes);
    rest = bytes.subarray(done);
    if (done > 0) yield bytes.subarray(0, done);
  }
  if (rest.length > 0) yield rest;
}
