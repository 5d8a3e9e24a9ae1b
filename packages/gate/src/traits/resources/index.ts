/**
 * Resources of a Windows image: pictures, dialogs, texts, and whatever else a program keeps there. A payload hides among
 * them as data nobody can read, or under the type of a picture it is not.
 * @module
 */

import type { ResourceFact } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Excerpt, type Trait } from "../trait.ts";

export const resources: Trait = defineTrait({
  id: "resources",
  title: "Resources",
  question: "Did something hide among the resources?",
  document: "Microsoft, PE Format, The .rsrc Section; Windows API, Resource Types",
  rules: {
    "program-in-resources": "A resource is a program, and none of that name was.",
    "resource-turned-dense": "A resource that could be read looks packed or encrypted.",
    "dense-resource-added": "A new resource looks packed or encrypted.",
    "picture-is-none": "A resource of a picture's type holds no picture.",
    "resources-changed": "Resources came, went or changed.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    yield* compareResources(executables);
  },
});

const PROGRAMS: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);
const DENSE_BITS = 7.2;
/** Of fewer bytes entropy says nothing: random bytes of this length have 7.8. */
const LEAST_BYTES = 1024;

const isProgram = ({ looksLike }: ResourceFact): boolean => PROGRAMS.has(looksLike);
const isDense = ({ looksLike, entropy, sizeBytes }: ResourceFact): boolean =>
  looksLike === "data" && entropy >= DENSE_BITS && sizeBytes >= LEAST_BYTES;

function* compareResources({ before, after }: ExecutablePair): Generator<Difference> {
  const old = new Map(before.resources.entries.map((entry) => [entry.id, entry]));
  const digests = new Set(before.resources.entries.map(({ sha256 }) => sha256));
  const hadPrograms = before.resources.entries.some(isProgram);
  const hadDense = before.resources.entries.some(isDense);
  const found = new Map<string, Difference>();
  let changes = Math.abs(after.resources.count - before.resources.count);
  for (const entry of after.resources.entries) {
    const was = old.get(entry.id);
    if (digests.has(entry.sha256)) continue;
    if (was !== undefined) changes += 1;
    const judged = judge(entry, was, { hadPrograms, hadDense });
    // One of a kind is shown: an installer that packs its parts has many.
    if (judged !== undefined && !found.has(judged.rule))
      found.set(judged.rule, {
        ...judged,
        ...(was !== undefined && { before: show(was) }),
        after: show(entry),
      });
  }
  yield* found.values();
  if (changes > 0 || before.resources.sha256 !== after.resources.sha256)
    yield {
      rule: "resources-changed",
      risk: "info",
      because: "has other resources",
      facts: { before: before.resources.count, after: after.resources.count },
    };
}

function judge(
  entry: ResourceFact,
  was: ResourceFact | undefined,
  { hadPrograms, hadDense }: { readonly hadPrograms: boolean; readonly hadDense: boolean },
): Pick<Difference, "rule" | "risk" | "because"> | undefined {
  if (isProgram(entry) && (was === undefined || !isProgram(was)))
    return {
      rule: "program-in-resources",
      risk: hadPrograms && was === undefined ? "medium" : "high",
      because: `carries a program as resource ${entry.id}`,
    };
  if (isPictureType(entry) && !isPicture(entry) && (was === undefined || isPicture(was)))
    return {
      rule: "picture-is-none",
      risk: "high",
      because: `has a resource ${entry.id} that is no picture, in spite of its type`,
    };
  if (!isDense(entry)) return undefined;
  if (was !== undefined)
    return isDense(was)
      ? undefined
      : {
          rule: "resource-turned-dense",
          risk: "high",
          because: `has a resource ${entry.id} that looks packed or encrypted, and did not before`,
        };
  return {
    rule: "dense-resource-added",
    risk: hadDense ? "medium" : "high",
    because: `has a new resource ${entry.id} that looks packed or encrypted${hadDense ? "" : ", and had none like it"}`,
  };
}

const PICTURE_TYPES: readonly string[] = ["ICON/", "BITMAP/", "CURSOR/"];
const isPictureType = ({ id }: ResourceFact): boolean => PICTURE_TYPES.some((type) => id.startsWith(type));

/** A bitmap's header begins with its own size; icons may be PNG files since Windows Vista; a hotspot leads a cursor. */
const isPicture = ({ id, hex, looksLike }: ResourceFact): boolean => {
  if (looksLike === "png") return true;
  const size = Buffer.from(hex, "hex").subarray(id.startsWith("CURSOR/") ? 4 : 0);
  return size.length >= 4 && HEADER_SIZES.has(size.readUInt32LE(0));
};

/** BITMAPCOREHEADER, OS22X, BITMAPINFOHEADER and its later forms. Source: Microsoft, Bitmap Header Types. */
const HEADER_SIZES: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

const show = (entry: ResourceFact): Excerpt => ({
  offsetBytes: entry.offsetBytes,
  hex: entry.hex,
  text: `${entry.id}: ${entry.sizeBytes} bytes, ${entry.entropy} bits per byte, looks like ${entry.looksLike}`,
});
