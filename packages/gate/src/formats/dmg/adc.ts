/**
 * Apple Data Compression: plain bytes, and copies of up to 67 bytes from up to 65536 back. Sources: libdmg-hfsplus,
 * `adc.c`; The Unarchiver's description of the three opcodes.
 * @module
 */

import { malformed } from "./trailer.ts";

/**
 * @param sizeBytes - what it unpacks to, exactly
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function unpackAdc(packed: Buffer, sizeBytes: number): Buffer {
  const out = Buffer.alloc(sizeBytes);
  let at = 0;
  let end = 0;
  const byte = (): number => {
    const value = packed[at];
    if (value === undefined) throw malformed("a run of ADC is cut short");
    at += 1;
    return value;
  };
  while (end < sizeBytes) {
    const code = byte();
    if (code >= 0x80) {
      const length = (code & 0x7f) + 1;
      if (at + length > packed.length || end + length > sizeBytes) throw malformed("a run of ADC is damaged");
      packed.copy(out, end, at, at + length);
      at += length;
      end += length;
      continue;
    }
    const isLong = code >= 0x40;
    const length = isLong ? code - 0x40 + 4 : (code >> 2) + 3;
    const distance = (isLong ? byte() * 256 + byte() : (code & 3) * 256 + byte()) + 1;
    if (distance > end || end + length > sizeBytes) throw malformed("a run of ADC is damaged");
    // Bytes that the copy itself makes may be copied again.
    for (let index = 0; index < length; index += 1) out[end + index] = out[end + index - distance] ?? 0;
    end += length;
  }
  if (at !== packed.length) throw malformed("bytes stand behind a run of ADC");
  return out;
}
