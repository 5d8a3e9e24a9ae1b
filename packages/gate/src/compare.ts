/** Opens two releases, each in a parser process of its own, and compares what those saw in a third. @module */

import { closeSync, openSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { runCompare } from "./diff/compare-process.ts";
import type { Comparison } from "./diff/comparison.ts";
import { type Opening, type OpenRequest, openArtifact } from "./gate.ts";
import { createScratch } from "./scratch/scratch.ts";

export interface CompareRequest {
  readonly before: OpenRequest;
  readonly after: OpenRequest;
}

export interface Compared {
  readonly before: Opening;
  readonly after: Opening;
  readonly comparison: Comparison;
}

/**
 * Both are opened at once. What could not be opened is evidence of its own release, and not compared.
 * @throws UsageError, WorldError as {@link openArtifact} does
 */
export async function compareArtifacts({ before, after }: CompareRequest): Promise<Compared> {
  using files = new DisposableStack();
  const scratch = files.adopt(createScratch(after.scratchRoot), ({ remove }) => remove());
  const open = (name: string) => {
    const file = files.adopt(openPortraitFile(join(scratch.folder, name)), ({ close }) => close());
    return file.descriptor;
  };
  const portraits = { before: open("before"), after: open("after") };
  const openings = await Promise.allSettled([
    openArtifact({ ...before, portraitDescriptor: portraits.before }),
    openArtifact({ ...after, portraitDescriptor: portraits.after }),
  ]);
  const [old, fresh] = openings;
  if (old.status === "rejected") throw old.reason;
  if (fresh.status === "rejected") throw fresh.reason;
  const comparison = await runCompare({
    ...portraits,
    scratchFolder: scratch.folder,
    milliseconds: after.limits.milliseconds,
    now: after.now,
    maxMemoryBytes: after.maxMemoryBytes,
  });
  return { before: old.value, after: fresh.value, comparison };
}

/** It loses its name at once, so that even a killed run leaves nothing behind; Windows does not let go of it. */
function openPortraitFile(path: string): { readonly descriptor: number; close(): void } {
  const descriptor = openSync(path, "wx+", 0o600);
  if (process.platform !== "win32") unlinkSync(path);
  return { descriptor, close: () => closeSync(descriptor) };
}
