/** Asks `@zip.js/zip.js` at its strictest about an archive. For tests only. @module */

import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";

configure({ useWebWorkers: false });
const STRICT = {
  strictness: "strict",
  checkSignature: true,
  checkOverlappingEntry: true,
  checkAmbiguity: true,
} as const;

/** @returns the members' bytes by name; undefined when the oracle rejects the archive */
export async function askOracle(bytes: Buffer): Promise<Map<string, Buffer> | undefined> {
  const reader = new ZipReader(new Uint8ArrayReader(bytes), STRICT);
  const contents = new Map<string, Buffer>();
  try {
    for (const entry of await reader.getEntries())
      if (!entry.directory)
        contents.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
    return contents;
  } catch {
    return undefined;
  }
}

/** Park and Miller's generator: the same every time. */
export function draw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** One text for equal contents, whatever their order. */
export const textOf = (contents: ReadonlyMap<string, Buffer>): string =>
  [...contents]
    .map(([name, bytes]) => `${name}=${bytes.toString("base64")}`)
    .sort()
    .join("\n");
