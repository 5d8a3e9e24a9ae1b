/** Sends members out of the parser process, each kind of bytes once. Nothing comes back: the process stays cut off. @module */

import { writeAll } from "@sallyport/cage";
import { asBuffer, type ByteSource } from "@sallyport/core";
import type { StudySubject } from "../study/study.ts";
import { isWhole } from "../study/whole.ts";
import { MOST_DATA_BYTES, writeFrame } from "./frame.ts";

export interface ScanWish {
  /** Open for writing: the pipe to the parent. */
  readonly descriptor: number;
  readonly maxBytes: number;
}

export class MemberSender {
  readonly #descriptor: number;
  readonly #maxBytes: number;
  readonly #sent = new Set<string>();

  constructor({ descriptor, maxBytes }: ScanWish) {
    this.#descriptor = descriptor;
    this.#maxBytes = maxBytes;
  }

  /** What holds others is passed over, for they are sent; the artifact itself goes whole, when it is not too large. */
  async send(source: ByteSource, subject: StudySubject): Promise<void> {
    const { index, sha256 } = subject;
    if (source.sizeBytes === 0 || this.#isSent(sha256)) return;
    const isTooLarge = source.sizeBytes > this.#maxBytes;
    if (!isWhole(subject) && (index !== 0 || isTooLarge)) return;
    if (isTooLarge) return this.#write(writeFrame("over-limit", index));
    this.#write(writeFrame("begin", index));
    for await (const piece of source.stream())
      for (let at = 0; at < piece.length; at += MOST_DATA_BYTES) {
        const part = piece.subarray(at, at + MOST_DATA_BYTES);
        this.#write(Buffer.concat([writeFrame("data", part.length), asBuffer(part)]));
      }
    this.#write(writeFrame("end"));
  }

  #isSent(sha256: string | undefined): boolean {
    if (sha256 === undefined) return false;
    if (this.#sent.has(sha256)) return true;
    this.#sent.add(sha256);
    return false;
  }

  #write(bytes: Buffer): void {
    writeAll(this.#descriptor, bytes);
  }
}
