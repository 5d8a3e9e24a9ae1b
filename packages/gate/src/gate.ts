/** Opens an artifact in isolation, lets every check look at it, and hands back evidence. @module */

import { createScratch, findIsolation } from "@sallyport/cage";
import {
  type Evidence,
  FileSource,
  type Limits,
  type Log,
  type NotChecked,
  type Observable,
  type Subject,
} from "@sallyport/core";
import type { Antivirus } from "./antivirus/receiver.ts";
import type { Artifact, ArtifactMember } from "./artifact.ts";
import { type ArtifactFile, openArtifactFile } from "./artifact-file.ts";
import { type Brought, broughtFiles, mapBrought } from "./brought.ts";
import { nameDistributions } from "./components/distribution-name.ts";
import { digestsOf } from "./descent/reading.ts";
import { FIRST_BROUGHT_DESCRIPTOR, runParser } from "./parser/parser-process.ts";
import type { RulePack } from "./rules/rule-pack.ts";
import { writeValues } from "./search/searched-values.ts";
import { type SearchWish, searchable, tallyOf } from "./search/wish.ts";
import type { TrustStore } from "./trust/trust-store.ts";

export interface OpenRequest {
  readonly path: string;
  /** What a person calls it: the file's name. */
  readonly label: string;
  readonly limits: Limits;
  /** Of the parser process, resident. */
  readonly maxMemoryBytes: number;
  /** Where scratch folders are made; private to this user. */
  readonly scratchRoot: string;
  readonly trust: TrustStore;
  /** Paths of what the person brought along; nothing when it is left out. */
  readonly brought?: Omit<Brought<string>, "label">;
  readonly now: Date;
  readonly onProgress?: (progress: Progress) => void;
  /** Rules the person brought along. */
  readonly rulePacks?: readonly RulePack[];
  /** What is searched for in the bytes of every member; nothing when it is left out. */
  readonly search?: SearchWish;
  /** Who is handed every member; nobody when it is left out. */
  readonly antivirus?: Antivirus;
  /** A file of our own, open for writing: what every trait observes goes there. */
  readonly portraitDescriptor?: number;
  /** Members whose portraits are at hand, by `lookKey`. */
  readonly knownMembers?: readonly string[];
  readonly log: Log;
}

export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** The member that is being read, as shown. */
  readonly path: string;
}

export interface Opening {
  readonly subject: Subject;
  readonly artifact: Artifact;
  readonly evidence: readonly Evidence[];
  readonly notChecked: readonly NotChecked[];
}

/**
 * Takes an artifact apart in a process of its own. The artifact's hash is computed here, not there: whoever takes
 * over the parser cannot choose whom its evidence is about.
 * @throws UsageError `usage.file` for what is not a readable, regular, non-empty file
 * @throws WorldError `world.changed` when the file changed meanwhile, `world.home`, `world.process`, `world.io`
 */
export async function openArtifact(request: OpenRequest): Promise<Opening> {
  using files = new DisposableStack();
  const openFile = (path: string): ArtifactFile =>
    files.adopt(openArtifactFile(path), (file) => file.close());
  const file = openFile(request.path);
  const brought = mapBrought<string, Beside>(
    { ...NOTHING_BROUGHT, ...request.brought, label: request.label },
    (path) => ({
      path,
      file: openFile(path),
    }),
  );
  const scratch = files.adopt(createScratch(request.scratchRoot), ({ remove }) => remove());
  return await open(request, { file, brought, scratchFolder: scratch.folder });
}

const NOTHING_BROUGHT = { signatures: [], keys: [] };

interface Beside {
  readonly path: string;
  readonly file: ArtifactFile;
}

interface Opened {
  readonly file: ArtifactFile;
  readonly brought: Brought<Beside>;
  readonly scratchFolder: string;
}

async function open(request: OpenRequest, { file, brought, scratchFolder }: Opened): Promise<Opening> {
  const { limits, trust, now, maxMemoryBytes, onProgress, portraitDescriptor, antivirus } = request;
  const beside = broughtFiles(brought).map(({ file: opened }) => opened);
  const inParser = mapBrought(brought, (opened) => ({
    name: opened.path,
    descriptor: FIRST_BROUGHT_DESCRIPTOR + beside.indexOf(opened),
  }));
  const source = new FileSource(file.descriptor);
  const search = request.search && searchable(request.search);
  const weaker = search?.digests ?? [];
  const parsing = runParser({
    request: {
      limits,
      trust,
      now,
      scratchFolder,
      brought: inParser,
      maxHeldBytes: heldBytes(maxMemoryBytes),
      study: {
        isComparing: portraitDescriptor !== undefined,
        rulePacks: request.rulePacks ?? [],
        ...(search !== undefined && { search }),
        ...(request.knownMembers !== undefined && { known: request.knownMembers }),
      },
      ...(portraitDescriptor !== undefined && {
        portraitDescriptor: FIRST_BROUGHT_DESCRIPTOR + beside.length,
      }),
    },
    ...(antivirus !== undefined && { antivirus }),
    descriptor: file.descriptor,
    broughtDescriptors: [
      ...beside.map((opened) => opened.file.descriptor),
      ...(portraitDescriptor === undefined ? [] : [portraitDescriptor]),
    ],
    maxMemoryBytes,
    ...(onProgress !== undefined && {
      onProgress: (doneBytes, path) => onProgress({ doneBytes, path, totalBytes: source.sizeBytes }),
    }),
  });
  // Both are waited for, so that the descriptor is not closed under either.
  const [parsed, hashed] = await Promise.allSettled([parsing, digestsOf(source, ["sha256", ...weaker])]);
  if (hashed.status === "rejected") throw hashed.reason;
  if (parsed.status === "rejected") throw parsed.reason;
  for (const opened of [file, ...beside.map((one) => one.file)]) opened.checkUnchanged();
  const [sha256 = "", ...digests] = hashed.value;
  const { members, evidence, scanner, rootFormat = "data" } = parsed.value;
  const unfinished: ArtifactMember = { path: "", sha256, sizeBytes: 0, format: rootFormat, signatures: [] };
  const root = members.find(({ path }) => path === "") ?? unfinished;
  const artifact = nameDistributions({
    root: { ...withDigests(root, weaker, digests), sha256, sizeBytes: source.sizeBytes },
    members: members.filter(({ path }) => path !== ""),
    ...(scanner !== undefined && { scanner }),
    ...(request.search !== undefined &&
      search !== undefined && { searched: tallyOf(request.search, search, writeValues(request.search)) }),
  });
  request.log.info("artifact opened", { sha256, memberCount: artifact.members.length });
  const subject: Subject = { kind: "artifact", id: `sha256:${sha256}`, label: request.label };
  return { subject, artifact, evidence, notChecked: isolationGaps() };
}

/** The artifact's own weaker digests, beside what was found in its bytes. */
function withDigests(
  root: ArtifactMember,
  kinds: SearchWish["digests"],
  digests: readonly string[],
): ArtifactMember {
  if (kinds.length === 0) return root;
  const own = kinds.map((kind, at): Observable => ({ kind, value: digests[at] ?? "" }));
  return { ...root, sightings: [...own, ...(root.sightings ?? [])] };
}

/** Half of what a run of Node leaves free, for one decoder's window or table. */
const RUNTIME_BYTES = 96 * 1024 * 1024;
const LEAST_HELD_BYTES = 16 * 1024 * 1024;
const heldBytes = (maxMemoryBytes: number): number =>
  Math.max(LEAST_HELD_BYTES, Math.floor((maxMemoryBytes - RUNTIME_BYTES) / 2));

/** What should have kept the parser in and is not to be had on this machine. */
const isolationGaps = (): NotChecked[] =>
  findIsolation().networkCut
    ? []
    : [{ source: "gate/parser/network", because: "this machine does not let the parser's network be cut" }];
