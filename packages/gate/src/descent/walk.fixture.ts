/** A whole descent, for tests that look at everything inside a file. @module */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, type Evidence, MemorySource } from "@sallyport/core";
import type { ArtifactMember } from "../artifact.ts";
import { formats } from "../formats/registry.ts";
import { descend } from "./descent.ts";
import { Spool } from "./spool.ts";

export interface Walk {
  /** By path; the file itself has the empty one. */
  readonly members: ReadonlyMap<string, ArtifactMember>;
  /** What was not fine: `structure fail overlay: …`. */
  readonly bad: readonly string[];
}

export async function walk(bytes: Uint8Array): Promise<Walk> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-walk-"));
  const evidence: Evidence[] = [];
  const members = new Map<string, ArtifactMember>();
  try {
    await descend(new MemorySource(bytes), {
      formats,
      schemes: [],
      budget: new Budget(),
      brought: { label: "", signatures: [], keys: [] },
      trust: { anchors: [], revocationLists: [], hash: "" },
      now: new Date(0),
      maxHeldBytes: 2 ** 28,
      spool: new Spool(folder),
      listener: {
        at() {},
        recognised() {},
        member: (_, member) => members.set(member.path, member),
        evidence: (item) => evidence.push(item),
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const bad = evidence
    .filter(({ outcome }) => outcome !== "pass")
    .map(
      ({ source, outcome, path, because }) =>
        `${source.split("/").at(-1)} ${outcome} ${path ?? ""}: ${because}`,
    );
  return { members, bad };
}
