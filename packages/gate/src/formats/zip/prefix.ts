/**
 * Known beginnings of files that are zips behind them; what they have in common is that other readers expect them.
 * Sources: JEP 261 (jmod); APPNOTE 6.3.10 §8.5.5 (split into one); Microsoft "Business Central app package";
 * Chromium, components/crx_file (CRX3).
 * @module
 */

import { asBuffer, type ByteSource } from "@sallyport/core";

export interface Prefix {
  /** The file's kind, when the beginning tells it. */
  readonly format?: string;
  /** Nothing that could hold anything. */
  readonly isBare?: boolean;
}

const HEAD_BYTES = 40;

/** @returns undefined for a beginning that no scheme explains */
export async function explainPrefix(source: ByteSource, lengthBytes: number): Promise<Prefix | undefined> {
  const head = asBuffer(await source.read(0, Math.min(lengthBytes, HEAD_BYTES)));
  const text = (from: number, to: number) => head.toString("latin1", from, to);
  if (lengthBytes === 4 && text(0, 4) === "JM\x01\x00") return { format: "jmod", isBare: true };
  if (lengthBytes === 4 && text(0, 4) === "PK00") return { isBare: true };
  if (lengthBytes === 40 && text(0, 4) === "NAVX" && text(36, 40) === "NAVX")
    return { format: "navx", isBare: true };
  if (text(0, 4) === "Cr24" && head.length > 12 && head.readUInt32LE(4) === 3)
    return head.readUInt32LE(8) === lengthBytes - 12 ? { format: "crx" } : undefined;
  // A script that runs the archive behind it.
  return text(0, 2) === "#!" ? {} : undefined;
}
