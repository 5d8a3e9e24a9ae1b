/** Opens two releases, each in a parser process of its own, and compares what those saw in a third. @module */

import { closeSync, openSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { checkIdOf, type Evidence } from "@sallyport/core";
import { runCompare } from "./diff/compare-process.ts";
import type { Comparison } from "./diff/comparison.ts";
import { withoutNumbers } from "./diff/names.ts";
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
  const opened = { before: old.value, after: fresh.value };
  const comparison = isSameFile(opened)
    ? nothingChanged(fresh.value)
    : await runCompare({
        ...portraits,
        scratchFolder: scratch.folder,
        milliseconds: after.limits.milliseconds,
        now: after.now,
        maxMemoryBytes: after.maxMemoryBytes,
      });
  return { ...opened, comparison };
}

const isSameFile = ({ before, after }: Pick<Compared, "before" | "after">): boolean =>
  before.artifact.root.sha256 === after.artifact.root.sha256;

function nothingChanged({ artifact }: Opening): Comparison {
  const members = artifact.members.length + 1;
  const counts = { members, unchanged: members, changed: 0, added: 0, removed: 0 };
  return { sameProduct: true, counts, differences: [], notCompared: [] };
}

/** What is wrong with the new release and was not with the old one. What was not opened was not compared, whatever it was. */
export function gainedFaults({ before, after }: Pick<Compared, "before" | "after">): readonly Evidence[] {
  const known = new Set(before.evidence.map(sayingOf));
  return after.evidence.filter(
    (one) => one.outcome !== "pass" && (checkIdOf(one.source) === "opened" || !known.has(sayingOf(one))),
  );
}

const sayingOf = ({ source, outcome, path = "", because }: Evidence): string =>
  JSON.stringify([source, outcome, withoutNumbers(path), withoutNumbers(because)]);

/** It loses its name at once, so that even a killed run leaves nothing behind; Windows does not let go of it. */
function openPortraitFile(path: string): { readonly descriptor: number; close(): void } {
  const descriptor = openSync(path, "wx+", 0o600);
  if (process.platform !== "win32") unlinkSync(path);
  return { descriptor, close: () => closeSync(descriptor) };
}
