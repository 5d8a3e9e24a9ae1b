/** What the way that bytes took says of them. @module */

import type { Known, Snapshot, Supplier } from "@sallyport/core";
import type { CheckResult, Observation, Origin } from "../check.ts";
import { listed, toldBy } from "../told-by.ts";
import {
  deceit,
  disguiseOf,
  type Hop,
  ipVersionOf,
  isBelow,
  isInside,
  passesForName,
  readHop,
  resembles,
} from "./host.ts";

export interface Asked {
  readonly urls: readonly string[];
  readonly toldBy: Origin["toldBy"];
  /** Who is said to have made or signed it: the signer first. */
  readonly names: readonly string[];
}

interface Case extends Asked {
  readonly hops: readonly Hop[];
  readonly supplier: Known<Supplier> | undefined;
  readonly snapshots: readonly Snapshot[];
}

const SHOWN = 20;

export function judgeOrigin(
  asked: Asked,
  supplier: Known<Supplier> | undefined,
  snapshots: readonly Snapshot[],
): CheckResult {
  const hops = asked.urls.map(readHop).filter((hop) => hop !== undefined);
  if (hops.length === 0) return { notChecked: "the address it is said to come from is none of the web" };
  const about: Case = { ...asked, hops, supplier, snapshots };
  const problems = [...suspicious(about), ...undeclared(about)];
  return problems.length > 0 ? problems : nothingWrong(about);
}

/** Of every hop: whoever leads there already chose it. */
function suspicious(about: Case): readonly Observation[] {
  const { hops, supplier, names } = about;
  const domains = supplier?.fact.domains ?? [];
  const sender = hops.findIndex((hop) => hop.url.protocol === "https:" && isBelow(hop, domains));
  return hops.flatMap((hop, index) => {
    const { shown } = hop;
    if (isBelow(hop, domains)) return [];
    const disguise = disguiseOf(hop);
    if (disguise !== undefined)
      return fail(
        about,
        "user-in-address",
        `comes from ${shown}, which a name in front of it hides: ${disguise}@`,
      );
    if (ipVersionOf(hop) !== 0 && !isInside(hop))
      return fail(
        about,
        "bare-address",
        `comes from ${shown}, a number instead of a name: nobody vouches for who that is`,
      );
    const trick = deceit(hop);
    if (trick !== undefined) return fail(about, "look-alike", `comes from ${shown}, which ${trick}`);
    // Where its maker's own site sends people on to bears the maker's name as often as not.
    const by = sender !== -1 && sender < index ? "letters" : "name";
    const resembled = resembles(hop, domains, by) ?? passesForName(hop, names);
    if (resembled !== undefined)
      return fail(about, "look-alike", `comes from ${shown}, which looks like ${resembled} and is not`);
    return [];
  });
}

/** A vendor's site may hand the bytes to anybody's servers; that it did so is what counts. */
function undeclared(about: Case): readonly Observation[] {
  const { hops, supplier, toldBy: teller } = about;
  if (supplier === undefined || supplier.fact.domains.length === 0) return [];
  const ends = [hops[0], hops.at(-1)].filter((hop) => hop !== undefined);
  if (ends.some((hop) => isBelow(hop, supplier.fact.domains))) return [];
  // A mark names the last hop, not the one that led there.
  if (teller === "mark-of-the-web" || hops.every(isInside)) return [];
  const { name, domains } = supplier.fact;
  return fail(
    about,
    "undeclared",
    `comes from ${hops[0]?.shown}, and ${name} publishes from ${listed(domains.slice(0, SHOWN))} (${whoSays(about)})`,
  );
}

function nothingWrong(about: Case): CheckResult {
  const { hops, supplier, names } = about;
  const first = hops[0]?.shown ?? "";
  const plain = hops.find(({ url }) => url.protocol !== "https:");
  const remark =
    plain === undefined ? "" : `; by ${plain.url.protocol.slice(0, -1)}, which anybody on the way can change`;
  if (supplier === undefined || supplier.fact.domains.length === 0) {
    const [name = "its maker"] = names;
    return {
      notChecked: `came from ${first}${remark}; nobody here has said where ${name} publishes: sallyport intel add supplier`,
    };
  }
  const { name, domains } = supplier.fact;
  const isDeclared = hops.some((hop) => isBelow(hop, domains));
  if (!isDeclared)
    return { notChecked: `came from ${first}${remark}; that ${name} sent it there nobody says` };
  return {
    outcome: "pass",
    because: `came from ${first}, where ${name} publishes (${whoSays(about)})${remark}`,
    facts: { ...factsOf(about), rule: "", plain: plain !== undefined },
  };
}

const fail = (about: Case, rule: string, because: string): readonly Observation[] => [
  { outcome: "fail", because, facts: { ...factsOf(about), rule, lookAlike: rule === "look-alike" } },
];

const factsOf = ({ urls, toldBy: teller, supplier }: Case) => ({
  urls: urls.slice(0, SHOWN),
  toldBy: teller,
  lookAlike: false,
  ...(supplier !== undefined && { supplier: supplier.fact.name, snapshot: supplier.snapshot }),
});

const whoSays = ({ supplier, snapshots }: Case): string => {
  const snapshot = snapshots.find(({ id }) => id === supplier?.snapshot);
  return snapshot === undefined ? "as was said here" : toldBy(snapshot);
};
