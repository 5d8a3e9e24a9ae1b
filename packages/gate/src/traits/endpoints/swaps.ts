/** Addresses that stayed the same but for their host. @module */

import type { MemberKind } from "../member-kind.ts";
import { isIpv4 } from "./address.ts";
import { isHidden, isOutside } from "./known.ts";
import type { SeenAddress } from "./search.ts";
import { registrableDomain } from "./services.ts";

const LEAST_PATH_CHARACTERS = 4;

export interface Exchange {
  readonly before: readonly SeenAddress[];
  readonly after: readonly SeenAddress[];
  /** Of those after. */
  readonly gained: readonly SeenAddress[];
  readonly kind: MemberKind;
}

/** @returns for each gained address that took the place of one that is gone, that one */
export function findSwaps({ before, after, gained, kind }: Exchange): ReadonlyMap<SeenAddress, SeenAddress> {
  const places = new Set(after.map(placeOf));
  const oldDomains = new Set(before.map(({ host }) => registrableDomain(host)));
  const gone = before.filter((address) => isReadable(address) && !places.has(placeOf(address)));
  const byRemainder = new Map<string, SeenAddress>();
  for (const address of gone) {
    const key = remainder(address);
    if (key !== undefined && !byRemainder.has(key)) byRemainder.set(key, address);
  }
  const came = gained.filter(isReadable);
  // The only address of a setting is what it is there for.
  const onlyGone = kind === "setting" && gone.length === 1 && came.length === 1 ? gone[0] : undefined;
  const swaps = new Map<SeenAddress, SeenAddress>();
  for (const address of came) {
    const was = byRemainder.get(remainder(address) ?? "") ?? onlyGone;
    const domain = registrableDomain(address.host);
    if (was === undefined || oldDomains.has(domain) || domain === registrableDomain(was.host)) continue;
    swaps.set(address, was);
  }
  return swaps;
}

const isReadable = (address: SeenAddress): boolean =>
  !isHidden(address) && isOutside(address) && !isIpv4(address.host);
const placeOf = ({ host, path }: SeenAddress): string => `${host} ${path}`;

/**
 * Its path, or, where that says little, what stands before the part of the host that is registered; undefined when too
 * little is left to be telling.
 */
function remainder(address: SeenAddress): string | undefined {
  const domain = registrableDomain(address.host);
  const below = address.host.slice(0, Math.max(0, address.host.length - domain.length - 1));
  if (address.path.length > LEAST_PATH_CHARACTERS) return address.path;
  return below === "" || below === "www" ? undefined : `${below} ${address.path}`;
}
