/** Addresses that stayed the same but for their host. @module */

import { isIpv4 } from "./address.ts";
import { isHidden, isOutside } from "./known.ts";
import type { SeenAddress } from "./search.ts";
import { registrableDomain } from "./services.ts";

const LEAST_PATH_CHARACTERS = 4;

/** @returns for each gained address that took the place of one that is gone, that one */
export function findSwaps(
  before: readonly SeenAddress[],
  after: readonly SeenAddress[],
  gained: readonly SeenAddress[],
): ReadonlyMap<SeenAddress, SeenAddress> {
  const places = new Set(after.map(placeOf));
  const oldDomains = new Set(before.map(({ host }) => registrableDomain(host)));
  const gone = new Map<string, SeenAddress>();
  for (const address of before) {
    const key = remainder(address);
    if (key !== undefined && !gone.has(key) && !places.has(placeOf(address))) gone.set(key, address);
  }
  const swaps = new Map<SeenAddress, SeenAddress>();
  for (const address of gained) {
    const was = gone.get(remainder(address) ?? "");
    const domain = registrableDomain(address.host);
    if (was === undefined || oldDomains.has(domain) || domain === registrableDomain(was.host)) continue;
    swaps.set(address, was);
  }
  return swaps;
}

const placeOf = ({ host, path }: SeenAddress): string => `${host} ${path}`;

/** Its path, or, where that says little, what stands before the part of the host that is registered; undefined when too little is left to be telling. */
function remainder(address: SeenAddress): string | undefined {
  if (isHidden(address) || !isOutside(address) || isIpv4(address.host)) return undefined;
  const domain = registrableDomain(address.host);
  const below = address.host.slice(0, Math.max(0, address.host.length - domain.length - 1));
  if (address.path.length > LEAST_PATH_CHARACTERS) return address.path;
  return below === "" || below === "www" ? undefined : `${below} ${address.path}`;
}
