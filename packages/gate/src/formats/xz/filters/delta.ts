/** Each byte was replaced by its difference to one before it. Source: xz-file-format 1.2.1 §5.3.3. @module */

import type { Filter } from "./filter.ts";

/** @param distanceBytes - 1 to 256 */
export function deltaFilter(distanceBytes: number): Filter {
  const history = Buffer.alloc(distanceBytes);
  let at = 0;
  const restore = (bytes: Buffer): number => {
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = ((bytes[index] as number) + (history[at] as number)) & 0xff;
      bytes[index] = byte;
      history[at] = byte;
      at = at + 1 === distanceBytes ? 0 : at + 1;
    }
    return bytes.length;
  };
  return { restore };
}
