/** Writes to a pipe until everything is written. @module */

import { writeSync } from "node:fs";

/** How long to wait for a reader that is behind, before the pipe is tried again. */
const PAUSE_MILLISECONDS = 2;

/**
 * Node makes its standard output non-blocking as soon as anything in the process asks for it as a stream, a thread's
 * console included. A full pipe is then an error and no wait.
 * @param descriptor - of a pipe, a file or a terminal
 */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, PAUSE_MILLISECONDS);
    }
  }
}
