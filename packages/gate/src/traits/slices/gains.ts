/** What one image has that the same program for another processor has not. @module */

import { gained } from "../executable/comparing.ts";
import type { ExecutableFacts } from "../executable/facts.ts";
import type { GroupId } from "../imports/groups.ts";
import { powersOf } from "../imports/powers.ts";
import { stemOf } from "../libraries/names.ts";
import type { Image } from "./groups.ts";

/** In facts of initialisers: what runs by itself. Ends and resolvers do not count alike everywhere. */
const RUN_FIRST: readonly string[] = [
  "init-array",
  "preinit-array",
  "ctors",
  "mod-init-func",
  "init-offsets",
  "routines",
  "objc-load",
  "tls-callback",
];

export const countFirst = ({ initialisers: { counts } }: ExecutableFacts): number =>
  RUN_FIRST.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);

/** Of how many more run first; 0 for a new image, which has nothing to be compared with. */
export const gainOfFirst = ({ before, after }: Image): number =>
  before === undefined ? 0 : countFirst(after) - countFirst(before);

/** Processors differ in how code is made and memory is guarded, and so in what is called for it. */
const DIFFERS_BY_PROCESSOR: ReadonlySet<GroupId> = new Set<GroupId>([
  "memory-protection",
  "decryption",
  "process-list",
]);

export interface PowerGain {
  readonly id: GroupId;
  readonly functions: readonly string[];
}

/** Kinds of power that this image had none of, and that the others have neither. */
export function powersAlone(image: Image, others: readonly Image[]): readonly PowerGain[] {
  const had = image.before === undefined ? undefined : powersOf(image.before.imports.names);
  if (had === undefined) return [];
  const elsewhere = others.map(({ after }) => powersOf(after.imports.names));
  return [...powersOf(image.after.imports.names)]
    .filter(
      ([id]) => !had.has(id) && !DIFFERS_BY_PROCESSOR.has(id) && elsewhere.every((powers) => !powers.has(id)),
    )
    .map(([id, functions]) => ({ id, functions }));
}

/** Swift's libraries come with the system from some version on, and each slice has its own least version. */
const SWIFT = /(?:^|\/)libswift/i;

/** Libraries that this image did not need, and that the others do not need either, by any version of their name. */
export function librariesAlone(image: Image, others: readonly Image[]): readonly string[] {
  if (image.before === undefined) return [];
  const elsewhere = new Set(
    [image.before, ...others.map(({ after }) => after)].flatMap(({ libraries }) =>
      libraries.names.map(stemOf),
    ),
  );
  return gained(image.before.libraries, image.after.libraries).filter(
    (name) => !elsewhere.has(stemOf(name)) && !SWIFT.test(name),
  );
}
