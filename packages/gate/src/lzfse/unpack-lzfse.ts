/**
 * LZFSE: blocks that are stored, packed by LZVN, or packed by finite state entropy. Source: Apple, lzfse 1.0,
 * `lzfse_internal.h`, `lzfse_decode.c`.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { unpackEntropyBlock } from "./entropy-block.ts";
import { unpackLzvn } from "./lzvn.ts";
import { Output } from "./output.ts";

const BLOCK = { end: "bvx$", stored: "bvx-", lzvn: "bvxn", entropy: "bvx2", entropyPlain: "bvx1" } as const;
const STORED_HEADER_BYTES = 8;
const LZVN_HEADER_BYTES = 12;

/**
 * @param sizeBytes - what it unpacks to, exactly; the caller has made sure that it may be held
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.unsupported`
 */
export function unpackLzfse(packed: Buffer, sizeBytes: number): Buffer {
  const output = new Output(sizeBytes);
  let at = 0;
  for (;;) {
    const mark = packed.toString("latin1", at, at + 4);
    if (mark === BLOCK.end) break;
    const rest = packed.subarray(at);
    if (rest.length < LZVN_HEADER_BYTES) throw new ArtifactError("artifact.truncated", "LZFSE: cut short");
    const before = output.sizeBytes;
    const rawBytes = rest.readUInt32LE(4);
    if (rawBytes > sizeBytes - before) throw malformed("it unpacks to more than it should");
    at += unpackBlock(mark, rest, output);
    if (output.sizeBytes - before !== rawBytes)
      throw malformed("a block unpacks to another size than it says");
  }
  if (packed.subarray(at + 4).some((byte) => byte !== 0)) throw malformed("bytes stand behind its end");
  return output.finish();
}

/** @returns how long the block is */
function unpackBlock(mark: string, block: Buffer, output: Output): number {
  switch (mark) {
    case BLOCK.stored: {
      const endBytes = STORED_HEADER_BYTES + block.readUInt32LE(4);
      output.write(part(block, STORED_HEADER_BYTES, endBytes));
      return endBytes;
    }
    case BLOCK.lzvn: {
      const endBytes = LZVN_HEADER_BYTES + block.readUInt32LE(8);
      unpackLzvn(part(block, LZVN_HEADER_BYTES, endBytes), output);
      return endBytes;
    }
    case BLOCK.entropy:
      return unpackEntropyBlock(block, output);
    case BLOCK.entropyPlain:
      throw new ArtifactError(
        "artifact.unsupported",
        "LZFSE: a block with plain tables, which no encoder writes",
      );
    default:
      throw malformed("a block of an unknown kind");
  }
}

function part(block: Buffer, from: number, until: number): Buffer {
  if (until > block.length) throw new ArtifactError("artifact.truncated", "LZFSE: a block is cut short");
  return block.subarray(from, until);
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `LZFSE: ${what}`);
