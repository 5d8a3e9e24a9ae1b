/** Packages built in code, and a descent that takes them apart. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { Budget, DEFAULT_LIMITS, type Evidence, MemorySource } from "@sallyport/core";
import { pack } from "tar-stream";
import type { ArtifactMember } from "../artifact.ts";
import { descend } from "../descent/descent.ts";
import { Spool } from "../descent/spool.ts";
import { formats } from "../formats/registry.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeTar(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return buffer(archive);
}

export const writeTgz = async (files: Files): Promise<Buffer> => gzipSync(await writeTar(files));

export interface Taken {
  readonly root: ArtifactMember;
  readonly members: readonly ArtifactMember[];
  /** Sentences of what is not as it should be, with the path they are about. */
  readonly problems: readonly string[];
}

export async function takeApart(bytes: Uint8Array): Promise<Taken> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-manifests-"));
  const members = new Map<number, ArtifactMember>();
  const evidence: Evidence[] = [];
  try {
    await descend(new MemorySource(bytes), {
      formats,
      schemes: [],
      budget: new Budget(DEFAULT_LIMITS),
      trust: { anchors: [], revocationLists: [], hash: "" },
      now: new Date(0),
      spool: new Spool(folder),
      brought: { label: "", signatures: [], keys: [] },
      maxHeldBytes: 64 * 1024 * 1024,
      listener: {
        at: () => {},
        recognised: () => {},
        member: (index, member) => members.set(index, member),
        evidence: (item) => evidence.push(item),
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const root = members.get(0);
  if (root === undefined) throw new Error("nothing was taken apart");
  const problems = evidence
    .filter(({ outcome }) => outcome !== "pass")
    .map(
      ({ source, outcome, path = "", because }) =>
        `${source.slice("gate/checks/".length)} ${outcome} ${path}: ${because}`,
    );
  return { root, members: [...members.values()].filter(({ path }) => path !== ""), problems };
}
