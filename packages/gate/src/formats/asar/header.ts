/** The front of an asar: a pickle with a number, and a pickle with a text. Source: Chromium, base/pickle.h. @module */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource, type Json, readExactly } from "@sallyport/core";
import { readJson } from "../../json/read-json.ts";
import type { OpenContext } from "../format.ts";

/** Four numbers of 32 bits before the text. */
export const PREFIX_BYTES = 16;
/** A table of a hundred thousand files takes about 30 MiB; what is read of it takes more. */
const HELD_PER_BYTE = 8;

export interface AsarHeader {
  readonly json: Json;
  /** SHA-256 of the table's text, lower-case hex: what Electron's executables and `Info.plist` state. */
  readonly hash: string;
  /** Where the first file may stand: offsets count from here. */
  readonly endBytes: number;
}

/** Whether the four numbers at the front agree with each other. */
export function hasHonestPrefix(head: Buffer): boolean {
  const [pickleBytes = 0, payloadBytes = 0, textBytes = 0] = [4, 8, 12].map((at) => head.readUInt32LE(at));
  const isFilled = payloadBytes >= textBytes + 4 && payloadBytes < textBytes + 8;
  return head.readUInt32LE(0) === 4 && pickleBytes === payloadBytes + 4 && isFilled;
}

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export async function readHeader(source: ByteSource, context: OpenContext): Promise<AsarHeader> {
  const prefix = await readExactly(source, 0, PREFIX_BYTES, "asar: the header");
  if (!hasHonestPrefix(prefix))
    throw new ArtifactError("artifact.malformed", "asar: the sizes at its front contradict each other");
  const pickleBytes = prefix.readUInt32LE(4);
  const textBytes = prefix.readUInt32LE(12);
  if (textBytes * HELD_PER_BYTE > context.maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `asar: a header of ${textBytes} bytes needs too much memory`,
    );
  const text = await readExactly(source, PREFIX_BYTES, textBytes, "asar: the header");
  const padding = await readExactly(
    source,
    PREFIX_BYTES + textBytes,
    pickleBytes - 8 - textBytes,
    "asar: the header",
  );
  if (padding.some((byte) => byte !== 0))
    context.report({
      check: "structure",
      outcome: "fail",
      because: "bytes stand behind the table of its files that belong to nothing",
      facts: { offsetBytes: PREFIX_BYTES + textBytes, lengthBytes: padding.length },
    });
  return {
    json: readJson(text, "asar: the table of its files"),
    hash: createHash("sha256").update(text).digest("hex"),
    endBytes: 8 + pickleBytes,
  };
}
