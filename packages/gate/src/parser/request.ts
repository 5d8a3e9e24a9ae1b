/** What the parser process is asked to do, as one line of JSON on its standard input. @module */

import type { Limits } from "@sallyport/core";
import type { ScanWish } from "../antivirus/sender.ts";
import type { Brought } from "../brought.ts";
import type { StudyWish } from "../study/message.ts";
import type { TrustStore } from "../trust/trust-store.ts";

/** A brought file, open for reading in the parser process. */
export interface BroughtDescriptor {
  readonly name: string;
  readonly descriptor: number;
}

export interface ParserRequest {
  readonly limits: Limits;
  readonly trust: TrustStore;
  readonly brought: Brought<BroughtDescriptor>;
  readonly now: Date;
  readonly scratchFolder: string;
  readonly maxHeldBytes: number;
  /** What is looked at inside members; nothing when it is left out. */
  readonly study?: StudyWish;
  /** Where members are sent that an antivirus shall see; nowhere when it is left out. */
  readonly scan?: ScanWish;
  /** Where portraits are written; nowhere when it is left out. */
  readonly portraitDescriptor?: number;
}

/** Bytes and dates as marked objects, since JSON has neither. */
export function encodeRequest(request: ParserRequest): string {
  return JSON.stringify(request, function (this: Record<string, unknown>, key, value: unknown) {
    // JSON.stringify hands over what toJSON made of the value; the holder still has the value itself.
    const original = this[key];
    if (original instanceof Date) return { $date: original.getTime() };
    if (original instanceof Uint8Array) return { $bytes: Buffer.from(original).toString("base64") };
    return value;
  });
}

/** The line comes from our own parent: it is decoded, not judged. */
export function decodeRequest(line: string): ParserRequest {
  const decoded: unknown = JSON.parse(line, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$date" in value && typeof value.$date === "number") return new Date(value.$date);
    if ("$bytes" in value && typeof value.$bytes === "string") return Buffer.from(value.$bytes, "base64");
    return value;
  });
  return decoded as ParserRequest;
}
