/** A squashfs image of three files, made by mksquashfs 4.5.1. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(SQUASHFS, "base64"));

const SQUASHFS =
  "H/8PQAYe/u0+71sRrTyzkkuQIXqo+t99urjP6bOOcbwgDgITfE/Iw8bYEpxd2/WMj44bAwBggAAE9nxGYATMAgAlAgAkAQB3trcAADUA4CEAIEEAwMw3taRVKv/madSxSim6TCFFqbRydEyVQqnJ93aGg0udcB+/cUgKku1tNV8VGI+YOL0V8Y77SY6H/22NzOIXkyzPm3xdds+Gv//TSH8UxEcaPk+K3E/oN5HfuuO5bfYuuXe2zOLiN0VbiF+k/Obh/UXziC9mj9Id1vzMjW/tHA1NM/uG0uVgyU8oOjtaOiW1XpajDQi0sbizAfm6Mcwa0xm2LQQAuBz/bwYAxmFXPPK+nTA8NME5TKQHCAAwmgXIEAw=";
