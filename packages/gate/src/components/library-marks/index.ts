/**
 * Libraries that were linked into a program, by texts their own code carries: one pass over the bytes for all of them.
 * What carries no such text is not seen, and a text may have been copied: what is found is a claim, `marked`.
 * @module
 */

import { asBuffer, type ByteSource, type Component } from "@sallyport/core";
import { PlainSearch } from "../../byte-search/plain.ts";
import type { ComponentFinder, FindContext, Parts } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { cpeOf } from "../platform-name.ts";
import { type LibraryMark, libraryMarks } from "./marks.ts";

/** What is linked: programs, libraries, objects and modules. */
const LINKED: ReadonlySet<string> = new Set(["pe", "elf", "mach-o", "wasm"]);
const STEP_BYTES = 4 * 1024 * 1024;
/** A mark and what is read behind it. */
const MARGIN_BYTES = 256;
/** Of one mark in one member: with other versions behind it there is more than one copy. */
const MOST_SIGHTINGS = 1_000;
/** A table of versions is no library. */
const MOST_VERSIONS = 3;

const together = [...new Set(libraryMarks.flatMap((mark) => mark.together ?? []))];
let made: PlainSearch | undefined;
/** Made with the first program that is met: most packages hold none. */
function searchForMarks(): PlainSearch {
  made ??= new PlainSearch(
    [...libraryMarks.map(({ mark }) => mark), ...together].map((text) => Buffer.from(text, "latin1")),
  );
  return made;
}

export const libraryMarksFinder: ComponentFinder = {
  id: "library-marks",
  question: "Which well-known libraries were linked into it?",
  document: "the libraries' own sources, each named in its row",
  wants: ({ format }) => LINKED.has(format),
  find,
};

async function find(source: ByteSource, { budget }: FindContext): Promise<Parts | undefined> {
  const versions = new Map<LibraryMark, Set<string>>();
  const seen = new Set<string>();
  const sightings = new Map<number, number>();
  const search = searchForMarks();
  for (let offset = 0; offset < source.sizeBytes; offset += STEP_BYTES) {
    budget.checkTime();
    const length = Math.min(STEP_BYTES + MARGIN_BYTES, source.sizeBytes - offset);
    const piece = asBuffer(await source.read(offset, length));
    for (const { text, index } of search.search(piece)) {
      // The next piece begins there, and has what stands behind it.
      if (index >= STEP_BYTES) break;
      const count = (sightings.get(text) ?? 0) + 1;
      sightings.set(text, count);
      if (count > MOST_SIGHTINGS) continue;
      const mark = libraryMarks[text];
      if (mark === undefined) seen.add(together[text - libraryMarks.length] ?? "");
      else
        noteVersion(
          versions,
          mark,
          piece.toString("latin1", Math.max(0, index - (mark.leadCharacters ?? 0)), index + MARGIN_BYTES),
        );
    }
  }
  const isLinked = ({ together: other }: LibraryMark) => other === undefined || seen.has(other);
  const components = [...versions].flatMap(([mark, found]) =>
    isLinked(mark) ? toComponents(mark, found) : [],
  );
  const unlisted = [
    ...[...versions].flatMap(([mark, { size }]) =>
      isLinked(mark) && size > MOST_VERSIONS ? tooMany(mark, size) : [],
    ),
    ...[...sightings].flatMap(([text, count]) => {
      const mark = libraryMarks[text];
      return mark !== undefined && count > MOST_SIGHTINGS ? tooMany(mark, count) : [];
    }),
  ];
  if (components.length + unlisted.length === 0) return undefined;
  return { components: withoutRepeats(components), ...(unlisted.length > 0 && { unlisted }) };
}

/** Whoever adds three more versions of a library to a program hides which one is in it: that is told. */
const tooMany = ({ product }: LibraryMark, count: number): string =>
  `library-marks: names ${product} in ${count} ways, so that which one is in it cannot be told`;

function noteVersion(versions: Map<LibraryMark, Set<string>>, mark: LibraryMark, text: string): void {
  const version = mark.version.exec(text)?.[1];
  if (version === undefined) return;
  const found = versions.get(mark) ?? new Set();
  versions.set(mark, found.add(version));
}

function toComponents(mark: LibraryMark, versions: ReadonlySet<string>): Component[] {
  if (versions.size > MOST_VERSIONS) return [];
  const { product, vendor, type } = mark;
  return [...versions].map((version) => ({
    product,
    vendor,
    version,
    type,
    foundBy: "library-marks",
    confidence: "marked",
    identifiers: [
      cpeOf({ vendor: mark.cpe[0], product: mark.cpe[1], version }),
      purlOf({ type: "generic", name: mark.cpe[1], version }),
    ],
  }));
}

/** Several marks of one library say the same. */
const withoutRepeats = (components: readonly Component[]): Component[] => [
  ...new Map(
    components.map((component) => [`${component.product} ${component.version}`, component]),
  ).values(),
];
