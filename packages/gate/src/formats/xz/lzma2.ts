/** LZMA2: chunks of LZMA and of plain bytes. Source: xz-file-format 1.2.1 §5.3.1; "LZMA2" in the XZ Embedded sources. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";
import { LzmaDecoder } from "./lzma.ts";
import type { Window } from "./window.ts";

const END = 0;
const PLAIN_AFTER_RESET = 1;
const PLAIN = 2;
const WHAT = "xz: the data";

/**
 * Unpacks to the end mark, which is taken from the reader.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function* unpackLzma2(
  reader: FrontReader,
  window: Window,
  budget: Budget,
): AsyncGenerator<Buffer> {
  const decoder = new LzmaDecoder(window);
  let needsReset = true;
  let needsProperties = true;
  for (;;) {
    const control = (await reader.exactly(1, WHAT)).readUInt8(0);
    if (control === END) return;
    if (control >= 0xe0 || control === PLAIN_AFTER_RESET) {
      window.reset();
      needsReset = false;
      needsProperties = true;
    }
    if (needsReset) throw damaged();
    if (control < 0x80) {
      if (control > PLAIN) throw damaged();
      yield await copyPlain(reader, window, budget);
      continue;
    }
    if (control < 0xc0 && needsProperties) throw damaged();
    const head = await reader.exactly(control >= 0xc0 ? 5 : 4, WHAT);
    const sizeBytes = ((control & 0x1f) << 16) + head.readUInt16BE(0) + 1;
    budget.spendBytes(sizeBytes);
    const packed = await reader.exactly(head.readUInt16BE(2) + 1, WHAT);
    if (control >= 0xc0) decoder.setProperties(head.readUInt8(4));
    if (control >= 0xa0) decoder.resetState();
    needsProperties = false;
    window.makeRoom(sizeBytes);
    decoder.decode(packed, sizeBytes);
    yield window.copyLast(sizeBytes);
  }
}

async function copyPlain(reader: FrontReader, window: Window, budget: Budget): Promise<Buffer> {
  const sizeBytes = (await reader.exactly(2, WHAT)).readUInt16BE(0) + 1;
  budget.spendBytes(sizeBytes);
  const bytes = await reader.exactly(sizeBytes, WHAT);
  window.makeRoom(sizeBytes);
  window.appendAll(bytes);
  return bytes;
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "xz: the data is damaged");
