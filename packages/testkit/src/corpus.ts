/** Development data that lies beside a checkout and is never part of it. @module */

import { existsSync } from "node:fs";
import { join } from "node:path";

/** Why a test that needs the corpus was skipped. */
export const NO_CORPUS = "SALLYPORT_CORPUS names no folder with this development data";

/**
 * @param relative - below the corpus folder: `relic/packages/dummy.msi`
 * @returns its place on disk, or undefined when `$SALLYPORT_CORPUS` does not hold it
 */
export function corpusFile(relative: string): string | undefined {
  const folder = process.env.SALLYPORT_CORPUS;
  if (folder === undefined) return undefined;
  const file = join(folder, "corpus", relative);
  return existsSync(file) ? file : undefined;
}
