/**
 * Functions that Windows calls before the entry point, and again for every thread.
 * Source: Microsoft, PE Format, "The .tls Section", "TLS Callback Functions".
 * @module
 */

import { DIRECTORY } from "./headers.ts";
import type { MappedImage } from "./mapped-image.ts";

/** No program that people made has as many. */
const MAX_CALLBACKS = 512;

export interface TlsCallbacks {
  /** Relative virtual addresses, in the order they are called. */
  readonly callbacks: readonly number[];
  /** Of the list itself. */
  readonly listAddress: number;
}

/** @returns undefined when the image has no list of them */
export async function readTlsCallbacks(image: MappedImage): Promise<TlsCallbacks | undefined> {
  const directory = image.headers.directories[DIRECTORY.tls];
  if (directory === undefined || directory.address === 0) return undefined;
  const width = image.isWide ? 8 : 4;
  const fields = await image.bytesAt(directory.address, width * 4);
  if (fields.length < width * 4) return undefined;
  const pointer = image.pointer(fields, width * 3);
  if (pointer === 0) return undefined;
  const listAddress = image.relative(pointer);
  const list = await image.bytesAt(listAddress, MAX_CALLBACKS * width);
  const callbacks: number[] = [];
  for (let at = 0; at + width <= list.length; at += width) {
    const callback = image.pointer(list, at);
    if (callback === 0) break;
    callbacks.push(image.relative(callback));
  }
  return { callbacks, listAddress };
}
