/** Which addresses a release spoke of, in any of its members. @module */

import { observed, type Portrait, type Release, type Trait } from "../trait.ts";
import { addressText, isIpv4, isPublicIpv4 } from "./address.ts";
import { LookAlikes } from "./look-alikes.ts";
import type { AddressesSeen, SeenAddress } from "./search.ts";
import { registrableDomain, serviceClassOf } from "./services.ts";

export interface KnownAddresses {
  readonly domains: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  /** Ids of the classes of services. */
  readonly services: ReadonlySet<string>;
  /** Of the domains. */
  readonly lookAlikes: LookAlikes;
}

const drawn = new WeakMap<Release, KnownAddresses>();

/** Asked for every pair, drawn once for each release. */
export function knownAddresses(release: Release, trait: Pick<Trait<AddressesSeen>, "id">): KnownAddresses {
  const known = drawn.get(release);
  if (known !== undefined) return known;
  const all = release.members.flatMap((member: Portrait) => observed(member, trait)?.addresses ?? []);
  const readable = all.filter((address) => !isHidden(address));
  const domains = new Set(readable.map(({ host }) => registrableDomain(host)));
  const fresh = {
    domains,
    lookAlikes: new LookAlikes(domains),
    hosts: new Set(all.map(({ host }) => host)),
    services: new Set(
      readable
        .filter(({ isComment }) => isComment !== true)
        .flatMap(({ host, path }) => serviceClassOf(host, path)?.id ?? []),
    ),
  };
  drawn.set(release, fresh);
  return fresh;
}

/** Somebody took care that it is not read. */
export const isHidden = ({ writing }: SeenAddress): boolean =>
  writing !== "plain" && writing !== "utf-16" && writing !== "embedded" && writing !== "certificate";

/** What makes two addresses the same: where and how they stand does not, but for hiding. */
export const addressKey = (address: SeenAddress): string =>
  `${isHidden(address) ? address.writing : ""} ${addressText(address)}`;

const INSIDE: ReadonlySet<string> = new Set(["localhost", "local", "test", "internal", "lan", "corp"]);

/** Leads out of the machine and its network. */
export const isOutside = ({ host }: SeenAddress): boolean =>
  isIpv4(host) ? isPublicIpv4(host) : !INSIDE.has(host.slice(host.lastIndexOf(".") + 1));
