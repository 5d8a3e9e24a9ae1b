/**
 * Nothing of ours is connected to by mistake: a name is looked up here and nowhere else, and what is connected to is the very
 * address that was judged, so that an answer that changes between two questions changes nothing.
 * @module
 */

import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { placeOf } from "./address.ts";
import { FetchError } from "./fetch-error.ts";

export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Names to addresses; the system's own unless a test hands one in. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export interface Guard {
  /** @returns what is wrong with the place: `a loopback address`; undefined when it may be connected to */
  readonly placeOf: (address: string) => string | undefined;
  readonly resolve: Resolve;
}

const MAX_ADDRESSES = 64;

export const publicOnly: Guard = { placeOf, resolve: (host) => lookup(host, { all: true, verbatim: true }) };

/** For networks of one's own, when a person said so. */
export const anywhere: Guard = { ...publicOnly, placeOf: () => undefined };

/**
 * A host that is an address is never looked up, so it is judged here.
 * @throws FetchError `fetch.address`
 */
export function judgeHost({ hostname }: URL, guard: Guard): void {
  const address = hostname.replace(/^\[|\]$/g, "");
  const place = isIP(address) === 0 ? undefined : guard.placeOf(address);
  if (place !== undefined) throw refused(hostname, address, place);
}

/** For the option `lookup` of connections. All addresses of a name have to be good: one that is not is a trap. */
export function guardedLookup(guard: Guard): LookupFunction {
  return (host, options, callback) => {
    judgedAddresses(host, guard).then(
      (addresses) => {
        const wanted = addresses.filter(({ family }) => !options.family || family === options.family);
        const [first] = wanted;
        if (first === undefined) callback(unknownName(host), "", 0);
        else if (options.all === true)
          callback(
            null,
            wanted.map((one) => ({ ...one })),
          );
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

async function judgedAddresses(host: string, guard: Guard): Promise<readonly Address[]> {
  const addresses = (await guard.resolve(host)).slice(0, MAX_ADDRESSES);
  for (const { address } of addresses) {
    const place = guard.placeOf(address);
    if (place !== undefined) throw refused(host, address, place);
  }
  return addresses;
}

const unknownName = (host: string): FetchError =>
  new FetchError("fetch.connection", `${host}: the name has no address`, { facts: { isFinal: true } });

const refused = (host: string, address: string, place: string): FetchError =>
  new FetchError(
    "fetch.address",
    `${host} leads to ${host === address ? "" : `${address}, `}${place}, and nothing is fetched from there; if it is a server of yours, add --allow-private-network`,
  );
