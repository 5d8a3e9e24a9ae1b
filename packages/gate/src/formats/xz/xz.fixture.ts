/** Files of XZ Utils, and streams made byte by byte, for the tests beside it. @module */

import { crc32 } from "node:zlib";
import { encodeNumber } from "./container.ts";

export const TEXT = "what an xz file holds, what an xz file holds, twice\n";
/** Made from the text above by `xz --lzma2=dict=64KiB` of XZ Utils 5.4.1, one for each check. */
export const VECTORS = {
  none: "/Td6WFoAAAD/EtlBAgAhAQgAAADYDyMT4AAzACVdADuaCEhp6hOLLoulQI5x8EHwSteQBushnheVFK7n5w2WDpKQAAAAAAAAAAE5NCTMtg8Gcp56AQAAAAAAWVo=",
  crc32:
    "/Td6WFoAAAFpIt42AgAhAQgAAADYDyMT4AAzACVdADuaCEhp6hOLLoulQI5x8EHwSteQBushnheVFK7n5w2WDpKQAAAAAAAAyfvi0wABPTQgCdprkEKZDQEAAAAAAVla",
  crc64:
    "/Td6WFoAAATm1rRGAgAhAQgAAADYDyMT4AAzACVdADuaCEhp6hOLLoulQI5x8EHwSteQBushnheVFK7n5w2WDpKQAAAAAAAAriVCbwVUSYgAAUE02j9Q6B+2830BAAAAAARZWg==",
  sha256:
    "/Td6WFoAAArh+wyhAgAhAQgAAADYDyMT4AAzACVdADuaCEhp6hOLLoulQI5x8EHwSteQBushnheVFK7n5w2WDpKQAAAAAAAA9BJVL1F29ZiGYTgKm/OS6sgPoBQNyRCUYd89tpb7HsUAAVk0g6dLahibS5oBAAAAAApZWg==",
};
/** `xz` of nothing, by the same program. */
export const EMPTY = Buffer.from("/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=", "base64");
export const whole = Buffer.from(VECTORS.crc64, "base64");

/**
 * A stream of one block without a check around LZMA2 data.
 * @param sizeBytes - what the index says
 * @param dictionary - LZMA2's property
 * @param filters - flags of the filters in front of it: number, size of the properties, properties
 */
export function stream(
  lzma2: Buffer,
  sizeBytes: number,
  dictionary = 8,
  filters: readonly (readonly number[])[] = [],
): Buffer {
  const flags = Buffer.alloc(2);
  const block = blockHeader([...filters, [0x21, 1, dictionary]]);
  const index = Buffer.concat([
    Buffer.from([0, 1]),
    encodeNumber(block.length + 4 + lzma2.length),
    encodeNumber(sizeBytes),
  ]);
  const padded = Buffer.concat([index, Buffer.alloc((4 - (index.length % 4)) % 4)]);
  const end = Buffer.alloc(6);
  end.writeUInt32LE(padded.length / 4);
  return Buffer.concat([
    Buffer.from("fd377a585a00", "hex"),
    flags,
    checksum(flags),
    block,
    checksum(block),
    lzma2,
    Buffer.alloc((4 - (lzma2.length % 4)) % 4),
    padded,
    checksum(padded),
    checksum(end),
    end,
    Buffer.from("YZ"),
  ]);
}

/** Without its checksum. */
function blockHeader(filters: readonly (readonly number[])[]): Buffer {
  const flags = filters.flat();
  const sizeBytes = Math.ceil((flags.length + 6) / 4) * 4;
  const header = Buffer.alloc(sizeBytes - 4);
  header.set([sizeBytes / 4 - 1, filters.length - 1, ...flags]);
  return header;
}

function checksum(bytes: Buffer): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32LE(crc32(bytes));
  return field;
}

/** A chunk of plain bytes; control 1 begins a new dictionary. */
export const plain = (control: number, text: string) =>
  Buffer.concat([
    Buffer.from([control, (text.length - 1) >> 8, (text.length - 1) & 0xff]),
    Buffer.from(text),
  ]);
export const END = Buffer.alloc(1);
