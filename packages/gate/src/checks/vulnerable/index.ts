/**
 * Known vulnerabilities of the artifact itself and of what it brings along, with what makes them matter: whether they are being
 * exploited, how likely that is, how grave they are, and what the maker itself says of them.
 * @module
 */

import type { Claim, Intel, Snapshot } from "@sallyport/core";
import type { Check, CheckContext, CheckResult, Observation } from "../check.ts";
import type { Part } from "../retired/asked.ts";
import { questionOf } from "../retired/question.ts";
import { broughtBy } from "../retired/runtimes.ts";
import { nameOf } from "../retired/sentence.ts";
import { unasked, unlistedRemark } from "../retired/unasked.ts";
import { listed, toldBy } from "../told-by.ts";
import { type Asked, readAsked, writeAsked } from "./asked.ts";
import { releaseInside, withRelease } from "./release.ts";
import { factsOf, tell } from "./sentence.ts";
import { doubted, tellSystemParts } from "./system-parts.ts";
import { isMalicious, type Weakness, type Weighed, weigh } from "./weigh.ts";

/** More of them are told in one line. */
const MAX_SHOWN = 20;
/** A kernel has thousands of vulnerabilities, and a file can claim to hold thousands of kernels: they are not held at once. */
const ASKED_TOGETHER = 50;
const MOST_HELD = 100_000;
/** Of each part, once so many are held: the gravest stand first. */
const MOST_OF_ONE = 100;

export const vulnerable: Check = {
  id: "vulnerable",
  question: "Is it, or what it brings along, known to be vulnerable?",
  kind: "world",
  document: "docs/policy.md, vulnerabilities; CISA BOD 22-01; Minimum Requirements for VEX",
  policyFacts: {
    vulnerability: "String",
    product: "String",
    malicious: "Bool",
    productIsExploited: "Bool",
    needsReview: "Bool",
  },
  recall: {
    ask: ({ artifact, context }) => {
      const admittedAt = context.baseline?.admittedAt;
      const release = releaseInside(artifact);
      // Word for word what `retired` asks about: so it is kept once.
      return writeAsked({
        ...questionOf(artifact, context.label),
        ...(release !== undefined && { release }),
        ...(admittedAt !== undefined && { baselineAdmittedAt: admittedAt }),
      });
    },
    answer: async (asked, context) => answer(inRelease(readAsked(asked)), context),
  },
};

/** Lists of distributions say what is mended release by release. */
const inRelease = (asked: Asked): Asked => ({
  ...asked,
  product: asked.product.map((claim) => withRelease(claim, asked.release)),
  parts: asked.parts.map((part) => ({ ...part, claim: withRelease(part.claim, asked.release) })),
});

async function answer(asked: Asked, { intel }: CheckContext): Promise<CheckResult> {
  if (intel === undefined) return { notChecked: "nothing that the world knows is at hand" };
  const sources = intel.snapshotsOn("vulnerability");
  if (sources.length === 0)
    return {
      notChecked:
        "no source of vulnerabilities was read here; run: sallyport intel sync kev epss vulnrichment osv=npm (or another ecosystem)",
    };
  const known = await intel.vulnerabilities(asked.product);
  const product = weigh(known.flat(), asked.product, intel);
  const parts = await weighParts(asked, intel);
  const seen = [
    ...tellProduct(asked, product, intel),
    ...tellParts(once(parts.filter(isKnown)), asked, intel),
    ...tellSystemParts(parts.filter((one) => one.part.isSystem === true && one.weighed.possible.length > 0)),
  ];
  const told = [...seen, ...unasked(asked, { ...NOTHING_GRAVE, vulnerability: "", product: "" })];
  return told.length > 0
    ? told
    : { notChecked: nothingKnown(asked, product, sources) + unlistedRemark(asked) };
}

interface WeighedPart {
  readonly part: Part;
  readonly weighed: Weighed;
}

/** What a file says of itself and what a mark in it tells are one thing, when both have its name and its vulnerabilities. */
function once(parts: readonly WeighedPart[]): readonly WeighedPart[] {
  const known = new Map<string, WeighedPart>();
  for (const one of parts) {
    const { part, weighed } = one;
    const ids = [...weighed.certain, ...weighed.cleared].map(({ id }) => id).sort();
    const key = JSON.stringify([part.path, part.claim.product?.trim().toLowerCase(), ids]);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

const isKnown = ({ weighed }: WeighedPart): boolean => weighed.certain.length + weighed.cleared.length > 0;

/** What another part answers for is not asked: Electron's makers mend its Chromium, and its version does not tell. */
async function weighParts({ parts }: Asked, intel: Intel): Promise<readonly WeighedPart[]> {
  const isBrought = broughtBy(parts);
  // An operating system is made of packages, and each is asked about for itself: what its name is listed for was mended in them.
  const own = parts.filter((part) => !isBrought(part) && part.kind !== "system");
  const all: WeighedPart[] = [];
  let held = 0;
  for (let from = 0; from < own.length; from += ASKED_TOGETHER) {
    const some = own.slice(from, from + ASKED_TOGETHER);
    const known = await intel.vulnerabilities(some.map(({ claim }) => claim));
    for (const [index, part] of some.entries()) {
      const whole = weigh(doubted(part, known[index] ?? []), [part.claim], intel);
      const weighed = held < MOST_HELD ? whole : gravestOf(whole);
      held += weighed.certain.length + weighed.possible.length + weighed.cleared.length;
      all.push({ part, weighed });
    }
  }
  return all;
}

const gravestOf = ({ certain, possible, cleared }: Weighed): Weighed => ({
  certain: certain.slice(0, MOST_OF_ONE),
  possible: possible.slice(0, MOST_OF_ONE),
  cleared: cleared.slice(0, MOST_OF_ONE),
});

function tellProduct(asked: Asked, weighed: Weighed, intel: Intel): readonly Observation[] {
  if (weighed.certain.length + weighed.cleared.length === 0) return [];
  const exploited = weighed.certain.filter(isExploited);
  const isMeantToHarm = weighed.certain.some(isMalicious);
  const hasFix = exploited.some(({ fixedIn }) => fixedIn.length > 0);
  return [
    observe(productName(asked), weighed, intel, {
      malicious: isMeantToHarm,
      productIsExploited: hasFix,
      needsReview: exploited.length > 0 && !hasFix,
    }),
  ];
}

/** Those that need a person one by one, the others by their rank; what is too many in one line. */
function tellParts(parts: readonly WeighedPart[], asked: Asked, intel: Intel): readonly Observation[] {
  const told = parts
    .map(({ part, weighed }) => ({
      path: part.path,
      gravest: weighed.certain[0],
      observation: observe(manyOf(part), weighed, intel, {
        malicious: weighed.certain.some(isMalicious),
        productIsExploited: false,
        needsReview: weighed.certain.some((one) => isNew(one, asked)),
      }),
    }))
    .map(({ path, gravest, observation }) => ({ gravest, observation: { ...observation, path } }))
    .sort((a, b) => Number(isFailure(b)) - Number(isFailure(a)) || compareGravest(a.gravest, b.gravest))
    .map(({ observation }) => observation);
  const rest = told.slice(MAX_SHOWN);
  const failing = rest.filter(({ outcome }) => outcome === "fail");
  return [
    ...told.slice(0, MAX_SHOWN),
    ...failing,
    ...together(rest.filter(({ outcome }) => outcome !== "fail")),
  ];
}

function together(rest: readonly Observation[]): readonly Observation[] {
  const [first] = rest;
  if (first === undefined) return [];
  const names = rest.slice(0, 5).map(({ facts }) => String(facts.product));
  const more = rest.length > names.length ? [`${rest.length - names.length} more parts`] : [];
  return [
    {
      outcome: "pass",
      because: `inside as well: known vulnerabilities of ${listed([...names, ...more])}`,
      facts: { ...NOTHING_GRAVE, vulnerability: "", product: "", partCount: rest.length, notable: true },
    },
  ];
}

const NOTHING_GRAVE = { malicious: false, productIsExploited: false, needsReview: false };

function observe(name: string, weighed: Weighed, intel: Intel, grave: typeof NOTHING_GRAVE): Observation {
  const { certain, possible, cleared } = weighed;
  const weaknesses = [...certain, ...cleared];
  const speaking = new Set(weaknesses.flatMap(idsOf));
  const ranking = new Set(weaknesses.flatMap(rankedBy));
  const snapshots = intel.snapshots.filter(({ id, source }) => speaking.has(id) || ranking.has(source));
  return {
    outcome: Object.values(grave).includes(true) ? "fail" : "pass",
    because: tell(name, weighed, listed(snapshots.map(toldBy))),
    facts: {
      ...grave,
      vulnerability: certain[0]?.id ?? "",
      product: name,
      vulnerabilityCount: certain.length,
      possibleCount: possible.length,
      vulnerabilities: factsOf(certain),
      ...(cleared.length > 0 && { cleared: factsOf(cleared) }),
      sources: snapshots.map(({ id, licence, asOf, isStale }) => ({ id, licence, asOf, isStale })),
      ...(certain.length > 0 && { notable: true }),
    },
  };
}

const idsOf = ({ snapshots, statements = [] }: Weakness): readonly string[] => [
  ...snapshots,
  ...statements.flatMap(({ snapshot }) => snapshot ?? []),
];

/** The sources that say how much it matters, whoever said what has it. */
const rankedBy = ({
  exploitedSince,
  probability,
  exploitation,
  isAutomatable,
  technicalImpact,
}: Weakness) => [
  ...(exploitedSince === undefined ? [] : ["kev"]),
  ...(probability === undefined ? [] : ["epss"]),
  ...((exploitation ?? isAutomatable ?? technicalImpact) === undefined ? [] : ["vulnrichment"]),
];

const isExploited = ({ exploitedSince }: Weakness): boolean => exploitedSince !== undefined;

/** Exploited since a person last let the product in: until then it was weighed, or nobody could know. */
const isNew = ({ exploitedSince }: Weakness, { baselineAdmittedAt }: Asked): boolean =>
  exploitedSince !== undefined &&
  baselineAdmittedAt !== undefined &&
  exploitedSince > baselineAdmittedAt.slice(0, 10);

const isFailure = ({ observation }: { readonly observation: Observation }): boolean =>
  observation.outcome === "fail";

function compareGravest(a: Weakness | undefined, b: Weakness | undefined): number {
  return (
    Number(b !== undefined && isExploited(b)) - Number(a !== undefined && isExploited(a)) ||
    (b?.probability ?? 0) - (a?.probability ?? 0) ||
    (b?.score ?? 0) - (a?.score ?? 0)
  );
}

const productName = ({ product }: Asked): string =>
  nameOf(product.find((claim: Claim) => claim.product !== undefined) ?? product[0] ?? { identifiers: [] });

const manyOf = ({ claim, count }: Part): string =>
  count > 1 ? `${nameOf(claim)} (${count} times)` : nameOf(claim);

/** They say which vulnerabilities matter, and not which versions have them. */
const WITHOUT_VERSIONS = new Set(["kev", "epss"]);

/** Silence is never a proof, and it is said what was silent. */
function nothingKnown(asked: Asked, { possible }: Weighed, sources: readonly Snapshot[]): string {
  const count = asked.parts.length;
  const inside = count === 0 ? "" : `, or of the ${count} ${count === 1 ? "part" : "parts"} inside`;
  const maybe = possible.filter(isExploited);
  const [first] = maybe;
  const hint =
    first === undefined
      ? ""
      : `; being exploited, and perhaps in it: ${first.id}${maybe.length === 1 ? "" : ` and ${maybe.length - 1} more`} (${first.because})`;
  const versions = sources.some(({ source }) => !WITHOUT_VERSIONS.has(source))
    ? ""
    : "; none of these names versions, so run as well: sallyport intel sync vulnrichment osv=npm";
  return `no vulnerability of ${productName(asked)}${inside} is known for certain; asked: ${listed(sources.map(toldBy))}${hint}${versions}`;
}
