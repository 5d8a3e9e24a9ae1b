/**
 * One pass over a member for everything that several traits look for in its bytes. The result is kept as long as the
 * source is, so that the trait that asks first pays for all.
 * @module
 */

import { asBuffer, type Budget, type ByteSource } from "@sallyport/core";
import { type Needle, NeedleTable, type Sighting } from "../byte-search/needle.ts";
import { type AddressesSeen, AddressSearch, needles as addressNeedles } from "./endpoints/search.ts";
import { ProgramSearch, type ProgramsSeen, needles as programNeedles } from "./hidden-payload/search.ts";
import { PlaceSearch, type PlacesSeen, needles as placeNeedles } from "./launch-paths/search.ts";

/** A part of the member, with room around what was sighted unless the member ends there. */
export interface Piece {
  readonly bytes: Buffer;
  /** Where it begins in the member. */
  readonly offsetBytes: number;
}

/** Looks at what was found, in the order of the file. */
export interface Search {
  see(sighting: Sighting, piece: Piece): void;
}

export interface Swept {
  readonly addresses: AddressesSeen;
  readonly places: PlacesSeen;
  readonly programs: ProgramsSeen;
}

/** What a search may read before and behind a sighting. */
const MARGIN_BYTES = 64 * 1024;
const STEP_BYTES = 8 * 1024 * 1024;
/** More sightings of one name are only counted. */
const MOST_SIGHTINGS = 50_000;

const table = new NeedleTable([
  ...owned("addresses", addressNeedles),
  ...owned("places", placeNeedles),
  ...owned("programs", programNeedles),
]);
const done = new WeakMap<ByteSource, Promise<Swept>>();

/** @returns what the searches made of the member; the same promise for the same source */
export function sweep(source: ByteSource, budget: Budget): Promise<Swept> {
  const known = done.get(source);
  if (known !== undefined) return known;
  const swept = look(source, budget);
  done.set(source, swept);
  return swept;
}

async function look(source: ByteSource, budget: Budget): Promise<Swept> {
  const addresses = new AddressSearch();
  const places = new PlaceSearch();
  const programs = new ProgramSearch();
  const searches: ReadonlyMap<string, Search> = new Map<string, Search>([
    ["addresses", addresses],
    ["places", places],
    ["programs", programs],
  ]);
  const counts = new Map<string, number>();
  for (let offset = 0; offset < source.sizeBytes; offset += STEP_BYTES) {
    budget.checkTime();
    const start = Math.max(0, offset - MARGIN_BYTES);
    const bytes = asBuffer(await source.read(start, offset - start + STEP_BYTES + MARGIN_BYTES));
    const piece = { bytes, offsetBytes: start };
    const [from, to] = [offset - start, Math.min(bytes.length, offset - start + STEP_BYTES)];
    for (const sighting of table.search(bytes, from, to)) {
      const [owner = "", name = ""] = split(sighting.name);
      const count = (counts.get(sighting.name) ?? 0) + 1;
      counts.set(sighting.name, count);
      if (count <= MOST_SIGHTINGS) searches.get(owner)?.see({ ...sighting, name }, piece);
      else if (count % 65_536 === 0) budget.checkTime();
    }
    addresses.seeBare(piece, from, to);
  }
  const unseen = (owner: string): number =>
    [...counts]
      .filter(([name]) => name.startsWith(`${owner} `))
      .reduce((sum, [, count]) => sum + Math.max(0, count - MOST_SIGHTINGS), 0);
  return { addresses: addresses.end(unseen("addresses")), places: places.end(), programs: programs.end() };
}

function owned(owner: string, needles: readonly Needle[]): Needle[] {
  return needles.map((needle) => ({ ...needle, name: `${owner} ${needle.name}` }));
}

function split(name: string): readonly [string, string] {
  const space = name.indexOf(" ");
  return [name.slice(0, space), name.slice(space + 1)];
}
