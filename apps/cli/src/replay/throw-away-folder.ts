/** A folder that is gone afterwards, also when the work fails or somebody interrupts it. @module */

import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorldError } from "@sallyport/core";

/** What ends a program from outside, and the exit code the shell expects then: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** @throws WorldError `world.io` when it cannot be made */
export async function withThrowAwayFolder<Result>(
  prefix: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), prefix)).catch((cause) => {
    throw new WorldError("world.io", `${tmpdir()}: no folder can be made there; check the space left`, {
      cause,
    });
  });
  // A parser process may still be writing below it.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  const handlers = Object.entries(SIGNALS).map(([signal, exitCode]) => {
    const handle = () => process.exit(exitCode);
    process.once(signal, handle);
    return () => process.removeListener(signal, handle);
  });
  // However the process ends, even by a fault of ours.
  process.once("exit", remove);
  try {
    return await work(folder);
  } finally {
    process.removeListener("exit", remove);
    for (const stopHandling of handlers) stopHandling();
    remove();
  }
}
