/** Opens two releases, each in a parser process of its own, and compares what those saw in a third. @module */

import { closeSync, openSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { createScratch } from "@sallyport/cage";
import { checkIdOf, type Evidence } from "@sallyport/core";
import { runCompare } from "./diff/compare-process.ts";
import type { Comparison, NotCompared } from "./diff/comparison.ts";
import { withoutNumbers } from "./diff/names.ts";
import { type Opening, type OpenRequest, openArtifact } from "./gate.ts";
import { lookKey } from "./study/same-look.ts";

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
 * Small ones are opened at once, large ones in turn. What could not be opened is evidence of its own release, and not compared.
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
  const first = { ...before, portraitDescriptor: portraits.before };
  const second = { ...after, portraitDescriptor: portraits.after };
  const [old, fresh] = await (areSmall(before, after)
    ? openTogether(first, second)
    : openInTurn(first, second));
  const opened = { before: old, after: fresh };
  const comparison = isSameFile(opened)
    ? nothingChanged(fresh)
    : await runCompare({
        ...portraits,
        scratchFolder: scratch.folder,
        milliseconds: after.limits.milliseconds,
        now: after.now,
        maxMemoryBytes: after.maxMemoryBytes,
      });
  const notCompared = [...comparison.notCompared, ...lostBefore(opened)];
  return { ...opened, comparison: { ...comparison, notCompared } };
}

/** Together, and nobody waits for the start of two processes; above that one uses both cores by itself. */
const SMALL_BYTES = 32 * 1024 * 1024;

const areSmall = (...requests: readonly OpenRequest[]): boolean =>
  requests.every(({ path }) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= SMALL_BYTES);

async function openTogether(...requests: readonly [OpenRequest, OpenRequest]): Promise<[Opening, Opening]> {
  // Both are waited for, so that no file is closed under either.
  const [old, fresh] = await Promise.allSettled(requests.map((request) => openArtifact(request)));
  if (old?.status !== "fulfilled") throw old?.reason;
  if (fresh?.status !== "fulfilled") throw fresh?.reason;
  return [old.value, fresh.value];
}

/** What both releases hold is looked at once, and the memory of two large releases is not needed at one time. */
async function openInTurn(before: OpenRequest, after: OpenRequest): Promise<[Opening, Opening]> {
  const old = await openArtifact(before);
  // Whoever brings rules wants to know of every match in the new release.
  const isAskedAlone = (after.rulePacks ?? []).length > 0;
  const fresh = await openArtifact(isAskedAlone ? after : { ...after, knownMembers: lookedAt(old) });
  return [old, fresh];
}

/** What could not be looked at is looked at again: it stays unknown. */
function lookedAt({ artifact: { members }, evidence }: Opening): string[] {
  const unseen = new Set(
    evidence.flatMap(({ source, outcome, path = "" }) =>
      outcome === "unknown" && checkIdOf(source) === "behaviours" ? path : [],
    ),
  );
  // Of many equal findings not every path is told.
  if (unseen.size >= MOST_UNSEEN) return [];
  const unseenBytes = new Set(members.filter(({ path }) => unseen.has(path)).map(lookKey));
  return [...new Set(members.map(lookKey)).difference(unseenBytes)];
}

const MOST_UNSEEN = 100;

const isSameFile = ({ before, after }: Pick<Compared, "before" | "after">): boolean =>
  before.artifact.root.sha256 === after.artifact.root.sha256;

function nothingChanged({ artifact }: Opening): Comparison {
  const members = artifact.members.length + 1;
  const counts = { members, unchanged: members, changed: 0, added: 0, removed: 0 };
  return { sameProduct: true, counts, differences: [], notCompared: [] };
}

/** What could not be opened in the old release only: in the new one it is evidence of its own. */
function lostBefore({ before, after }: Pick<Compared, "before" | "after">): readonly NotCompared[] {
  const known = new Set(after.evidence.map(sayingOf));
  return before.evidence
    .filter((one) => isUnopened(one) && !known.has(sayingOf(one)))
    .map(({ path = "", because }) => ({ path, because: `in the old release ${because}` }));
}

const isUnopened = ({ source, outcome }: Evidence): boolean =>
  checkIdOf(source) === "opened" && outcome !== "pass";

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
