/**
 * Images that are one program for several processors: slices of a universal file, and files that differ in the name of
 * the processor in their path alone.
 * @module
 */

import type { ExecutableFacts } from "../executable/facts.ts";
import { factsOf } from "../executable/index.ts";
import type { CompareContext, Pair, Portrait } from "../trait.ts";

export interface Image {
  /** In the new release. */
  readonly path: string;
  /** `x86_64`, `win32-arm64`: what tells it from the others. */
  readonly name: string;
  readonly before: ExecutableFacts | undefined;
  readonly after: ExecutableFacts;
  /** Not a byte of it was changed. */
  readonly isSame: boolean;
}

export interface Group {
  /** Slices are made in one go, and builds at times one after another. */
  readonly kind: "slices" | "builds";
  /** Of the universal file; of the first build. */
  readonly path: string;
  /** For different processors; two or more. */
  readonly images: readonly Image[];
}

const MAX_IMAGES = 32;

/** @returns groups in the order of the new release; a pair is in one group at most */
export function groupImages(context: CompareContext): readonly Group[] {
  const slices = new Map<string, Image[]>();
  const builds = new Map<string, Image[]>();
  for (const pair of context.pairs) {
    const image = imageOf(pair);
    if (image === undefined) continue;
    const parent = parentOf(image.path);
    if (isUniversal(context, parent)) add(slices, parent ?? "", { ...image, name: lastPart(image.path) });
    else {
      const key = withoutProcessor(image.path);
      if (key !== undefined)
        add(builds, `${image.after.kind} ${image.after.role} ${key.rest}`, { ...image, name: key.name });
    }
  }
  return [
    ...[...slices].map(([path, images]): Group => ({ kind: "slices", path, images })),
    ...[...builds.values()].map((images): Group => ({ kind: "builds", path: images[0]?.path ?? "", images })),
  ].filter(({ images }) => new Set(images.map(({ after }) => after.architecture)).size > 1);
}

function add(groups: Map<string, Image[]>, key: string, image: Image): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [image]);
  else if (known.length < MAX_IMAGES) known.push(image);
}

function imageOf({ before, after }: Pair): Omit<Image, "name"> | undefined {
  const facts = factsOf(after);
  if (after === undefined || facts === undefined) return undefined;
  const old = factsOf(before);
  return {
    path: after.member.path,
    before: old?.architecture === facts.architecture && old.kind === facts.kind ? old : undefined,
    after: facts,
    isSame: before?.member.sha256 === after.member.sha256,
  };
}

/** A Mach-O file of which nothing is kept holds slices. */
function isUniversal({ after }: CompareContext, path: string | undefined): boolean {
  const portrait: Portrait | undefined = path === undefined ? after.root : after.byPath(path);
  return portrait?.member.format === "mach-o" && factsOf(portrait) === undefined;
}

/** @returns undefined for what lies in the artifact itself */
function parentOf(path: string): string | undefined {
  const end = path.lastIndexOf("/");
  return end < 0 ? undefined : path.slice(0, end);
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Names of processors as packages write them, between marks that are no letters. The longer first. */
const PROCESSORS =
  /(?<![a-z0-9])(?:x86[-_]64h?|x86|x64|amd64|i[3-6]86|ia32|aarch64|arm64e?|arm64ec|armv[678]l?|armhf|armel|arm|ppc64(?:le|el)?|s390x|riscv64|loong(?:arch)?64|win64)(?![a-z0-9])/gi;

/** @returns the path with its processors taken out, and which they are; undefined for a path without */
function withoutProcessor(path: string): { rest: string; name: string } | undefined {
  const found = path.match(PROCESSORS);
  if (found === null) return undefined;
  return { rest: path.replace(PROCESSORS, "*"), name: [...new Set(found)].join(" ") };
}
