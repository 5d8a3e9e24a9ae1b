/**
 * .lzma files, the forerunner of xz: thirteen bytes of header and one stream, without any checksum.
 * Source: Igor Pavlov, "LZMA specification" (LZMA SDK); xz 5.4, `doc/lzma-file-format.txt`.
 * @module
 */

import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { LZMA_PROPERTIES_BYTES, unpackLzma } from "../xz/lzma-stream.ts";

const HEADER_BYTES = 13;
const UNKNOWN_SIZE = 0xffff_ffff_ffff_ffffn;
/** xz 5.4, `alone_decoder.c`: what claims more is taken for something else. */
const MOST_BYTES = 1n << 38n;
const LEAST_DICTIONARY_BYTES = 4096;

export const lzma: Format = {
  id: "lzma",
  title: ".lzma file",
  document: "LZMA specification (LZMA SDK), lzma-file-format.txt of xz 5.4",
  recognise: ({ head }: Glimpse) =>
    head.length > HEADER_BYTES &&
    isUsualProperties(head.readUInt8(0)) &&
    isUsualDictionary(head.readUInt32LE(1)) &&
    isPossibleSize(head.readBigUInt64LE(5)) &&
    head[HEADER_BYTES] === 0,
  openStream: openLzma,
};

/** No encoder writes all of them as zero, and much that is no .lzma file begins with a zero byte. */
const isUsualProperties = (byte: number): boolean => byte > 0 && byte < 225;

/** The format has no mark. Encoders take 2^n or 2^n + 2^(n-1), and the first byte of the coded data is always zero. */
function isUsualDictionary(bytes: number): boolean {
  if (bytes === 0xffff_ffff) return true;
  const power = 2 ** Math.floor(Math.log2(bytes));
  return bytes >= LEAST_DICTIONARY_BYTES && (bytes === power || bytes === power + power / 2);
}

const isPossibleSize = (bytes: bigint): boolean =>
  bytes === UNKNOWN_SIZE || (bytes > 0n && bytes < MOST_BYTES);

async function* openLzma(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  const header = await reader.exactly(HEADER_BYTES, "lzma: the header");
  const size = header.readBigUInt64LE(LZMA_PROPERTIES_BYTES);
  const sizeBytes = size === UNKNOWN_SIZE ? undefined : Number(size);
  // The decoder reads its properties itself; the size stands between them and the data.
  reader.unread(header.subarray(0, LZMA_PROPERTIES_BYTES));
  yield { name: "content", content: () => unpack(reader, sizeBytes, context) };
}

async function* unpack(
  reader: FrontReader,
  sizeBytes: number | undefined,
  context: OpenContext,
): AsyncGenerator<Buffer> {
  const { budget, maxHeldBytes } = context;
  const endMark = sizeBytes === undefined ? "required" : "allowed";
  yield* unpackLzma(reader, { budget, maxHeldBytes, sizeBytes, endMark });
  const { lengthBytes } = await judgeRest(reader, () => budget.checkTime());
  if (lengthBytes > 0)
    context.report({
      check: "structure",
      outcome: "fail",
      because: `has ${lengthBytes} bytes after its compressed data`,
      facts: { lengthBytes },
    });
}
