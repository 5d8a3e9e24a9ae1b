/** Small files that a person names beside the artifact: lists of hashes, keys, receipts. @module */

import { open } from "node:fs/promises";
import { UsageError } from "@sallyport/core";
import { requireReadableFile } from "./inputs.ts";

/** @throws UsageError `usage.file` when it cannot be read or is larger than `maxBytes` */
export async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
  await requireReadableFile(path);
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(Math.min((await file.stat()).size, maxBytes) + 1);
    let length = 0;
    for (let read = 1; read > 0 && length < bytes.length; length += read)
      ({ bytesRead: read } = await file.read(bytes, length, bytes.length - length));
    if (length > maxBytes)
      throw new UsageError("usage.file", `${path}: is larger than ${maxBytes} bytes; is it the right file?`);
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}
