/** Development data that lies beside a checkout and is never part of it. @module */

import { existsSync } from "node:fs";
import { join } from "node:path";

/** Why a test that needs the corpus was skipped. */
export const NO_CORPUS = "SALLYPORT_CORPUS names no folder with this development data";

/**
 * @param relative - below the corpus folder: `relic/packages/dummy.msi`
 * @returns its place on disk, or undefined when `$SALLYPORT_CORPUS` does not hold it
 */
export const corpusFile = (relative: string): string | undefined => below("corpus", relative);

/** As {@link corpusFile}, below the folder of public data sets: `endoflife-derived/endoflife-products.json`. */
export const dataFile = (relative: string): string | undefined => below("data", relative);

function below(part: string, relative: string): string | undefined {
  const folder = process.env.SALLYPORT_CORPUS;
  if (folder === undefined) return undefined;
  const file = join(folder, part, relative);
  return existsSync(file) ? file : undefined;
}
