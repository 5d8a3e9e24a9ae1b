/** Hashes a file again: published lists use other digests than ours. @module */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { WorldError } from "@sallyport/core";
import type { RootDigestAlgorithm } from "@sallyport/gate";

/**
 * @param sha256 - what was judged, hex: a file that was exchanged meanwhile is noticed
 * @returns lower-case hex
 * @throws WorldError `world.changed`
 */
export async function digestFile(
  path: string,
  algorithm: RootDigestAlgorithm,
  sha256: string,
): Promise<string> {
  const wanted = createHash(algorithm);
  const control = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    wanted.update(chunk);
    control.update(chunk);
  }
  if (control.digest("hex") !== sha256)
    throw new WorldError("world.changed", `${path}: changed while it was judged; judge it again`);
  return wanted.digest("hex");
}
