/** What a member's new addresses are worth. @module */

import type { MemberKind } from "../member-kind.ts";
import { listShortly } from "../small-text.ts";
import type { Difference, Excerpt, Risk } from "../trait.ts";
import { addressText, isIpv4 } from "./address.ts";
import { addressKey, isHidden, isOutside, type KnownAddresses } from "./known.ts";
import type { SeenAddress } from "./search.ts";
import { isResolver, registrableDomain, serviceClassOf } from "./services.ts";
import { findSwaps } from "./swaps.ts";

export interface Comparison {
  readonly kind: MemberKind;
  /** Absent for a member that is new. */
  readonly before: readonly SeenAddress[] | undefined;
  /** There were more before than were kept. */
  readonly isCut: boolean;
  /** A test or an example. */
  readonly isExample: boolean;
  readonly after: readonly SeenAddress[];
  /** Of the whole release before. */
  readonly known: KnownAddresses;
}

/** The strongest of what is new. What is `new-host` and low is told once for a whole release. */
export function* compareAddresses(comparison: Comparison): Generator<Difference> {
  const { before = [], after, kind, isExample } = comparison;
  const had = new Set(before.map(addressKey));
  const gained = after.filter(
    (address) => !had.has(addressKey(address)) && (isHidden(address) || isCompared(address, comparison)),
  );
  const told = new Set<SeenAddress>();
  const swaps = findSwaps({ before, after, gained, kind });
  const counts = new Map<string, number>();
  for (const address of gained) {
    const judged = judge(address, comparison) ?? judgeSwap(address, swaps.get(address), kind);
    if (judged === undefined) continue;
    const difference =
      isExample && address.writing !== "xor" ? { ...judged, risk: atMost(judged.risk, "medium") } : judged;
    told.add(address);
    const key = `${difference.rule} ${difference.risk}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= MOST_TOLD) yield difference;
    else if (count === MOST_TOLD + 1)
      yield { ...difference, because: "and more of the same kind than are shown one by one" };
  }
  yield* tellHosts(
    gained.filter((address) => !told.has(address)),
    comparison,
  );
}

/** Of one rule in one member; the others are told together. */
const MOST_TOLD = 8;

/** Where more were there than are kept, those behind the last one kept cannot be told to be new. */
const isCompared = (address: SeenAddress, { before, isCut }: Comparison): boolean => {
  const last = isCut ? before?.at(-1) : undefined;
  return last === undefined || isHidden(last) || addressText(address) <= addressText(last);
};

function judge(address: SeenAddress, comparison: Comparison): Difference | undefined {
  if (!isOutside(address)) return undefined;
  return (
    judgeHidden(address, comparison) ??
    judgeNumeric(address, comparison) ??
    judgeService(address, comparison) ??
    judgeLookAlike(address, comparison)
  );
}

const HOW: Partial<Record<SeenAddress["writing"], string>> = {
  reversed: "written backwards",
  rot13: "with rotated letters (ROT13)",
  base64: "in base64",
  hex: "in hexadecimal digits",
  numbers: "as a list of character codes",
};

function judgeHidden(address: SeenAddress, { kind, known }: Comparison): Difference | undefined {
  if (!isHidden(address)) return undefined;
  const isKnown = known.domains.has(registrableDomain(address.host));
  const how =
    address.key === undefined ? HOW[address.writing] : `under the XOR key 0x${address.key.toString(16)}`;
  return {
    rule: "hidden-address",
    risk: isForReaders(address, kind) ? "low" : isKnown ? "medium" : "high",
    because: `hides the address ${addressText(address)} ${how ?? "in code"}`,
    after: show(address),
  };
}

/** Texts and source maps carry base64 of what they tell about; no text carries an XOR key. */
const isForReaders = ({ writing, isComment, isInSentence }: SeenAddress, kind: MemberKind): boolean =>
  isComment === true ||
  isInSentence === true ||
  (kind === "prose" && writing !== "xor" && writing !== "reversed");

function judgeNumeric(address: SeenAddress, { kind, known, before }: Comparison): Difference | undefined {
  if (!isIpv4(address.host)) return undefined;
  if (known.hosts.has(address.host) || isForPeople(address, graveKind(kind))) return undefined;
  const isUsed = address.port !== undefined || address.scheme !== "";
  const hadSome = before?.some((other) => isIpv4(other.host) && isOutside(other)) === true;
  const risk: Risk = isResolver(address.host) || hadSome ? "low" : lowered("high", isUsed ? kind : "data");
  return {
    rule: "numeric-address",
    risk: isUsed ? risk : atMost(risk, kind === "native" || kind === "script" ? "medium" : "low"),
    because: `speaks of the machine ${addressText(address)}, by its number`,
    after: show(address),
  };
}

function judgeService(address: SeenAddress, { kind, known, before }: Comparison): Difference | undefined {
  const service = serviceClassOf(address.host, address.path);
  const told = service?.risk === "high" ? graveKind(kind) : kind;
  if (service === undefined || isForPeople(address, told)) return undefined;
  const isOfClass = (other: SeenAddress): boolean =>
    serviceClassOf(other.host, other.path)?.id === service.id;
  const hadClass = before?.some(isOfClass) === true || known.services.has(service.id);
  const isSilent = kind === "native" && before !== undefined && !before.some(isOutside);
  const isMentioned = address.isInSentence === true && service.risk !== "high";
  const usual = isMentioned ? "low" : lowered(service.risk, kind);
  return {
    rule: "service",
    risk: hadClass ? "low" : isSilent ? "high" : usual,
    because: `speaks of ${service.title}, ${addressText(address)}${isSilent ? ", and spoke of no host before" : ""}`,
    after: show(address),
  };
}

function judgeLookAlike(address: SeenAddress, { kind, known }: Comparison): Difference | undefined {
  const domain = registrableDomain(address.host);
  if (known.domains.has(domain) || isForPeople(address, kind) || address.isInSentence === true)
    return undefined;
  const other = known.lookAlikes.find(domain);
  return other === undefined
    ? undefined
    : {
        rule: "look-alike-host",
        risk: lowered("high", kind),
        because: `speaks of ${domain}, which looks like ${other} from the release before`,
        after: show(address),
      };
}

/** Pages that people read keep their path when a project moves. */
const FOR_READERS =
  /\.(?:html?|md|txt|pdf|rst)\b|[/.](?:docs?|wiki|issues?|pulls?|blog|help|faq|guides?|license|link|learn|articles?|questions?|browse|show_bug)\b|#/i;

function judgeSwap(
  address: SeenAddress,
  was: SeenAddress | undefined,
  kind: MemberKind,
): Difference | undefined {
  if (was === undefined) return undefined;
  const isRead =
    isForPeople(address, kind) ||
    address.isInSentence === true ||
    FOR_READERS.test(`${address.host}${address.path}`);
  return {
    rule: "swapped-host",
    risk: kind === "prose" || kind === "description" ? "info" : isRead ? "low" : lowered("high", kind),
    because: `speaks to ${address.host} where it spoke to ${was.host}, for the same ${address.path === "" ? "purpose" : "path"}`,
    before: show(was),
    after: show(address),
  };
}

function* tellHosts(
  gained: readonly SeenAddress[],
  { kind, before, known }: Comparison,
): Generator<Difference> {
  const fresh = gained.filter(
    (address) =>
      isOutside(address) &&
      !known.domains.has(registrableDomain(address.host)) &&
      !isForPeople(address, kind),
  );
  const used = fresh.filter(({ writing }) => writing === "plain" || writing === "utf-16");
  const domains = namesOf(used);
  const all = namesOf(gained);
  const [first] = used;
  const isSilent = kind === "native" && before !== undefined && !before.some(isOutside);
  if (first !== undefined && domains.length > 0)
    yield {
      rule: isSilent ? "first-host" : "new-host",
      risk: hostRisk(used, { kind, isSilent, isAdded: before === undefined }),
      because: `speaks of ${listShortly(domains, 6)}${isSilent ? ", and spoke of no host before" : ""}`,
      after: { ...show(first), text: used.slice(0, 20).map(addressText).join("\n") },
      facts: { hosts: domains.slice(0, MOST_HOSTS) },
    };
  const others = all.filter((name) => !domains.includes(name));
  if (others.length > 0)
    yield {
      rule: "other-addresses",
      risk: "info",
      because: `has new addresses at ${listShortly(others, 4)}`,
      facts: { hosts: others.slice(0, MOST_HOSTS) },
    };
}

const MOST_HOSTS = 50;

function hostRisk(
  used: readonly SeenAddress[],
  {
    kind,
    isSilent,
    isAdded,
  }: { readonly kind: MemberKind; readonly isSilent: boolean; readonly isAdded: boolean },
): Risk {
  if (kind === "native") return isSilent ? "medium" : "low";
  if (isAdded || kind === "data") return "info";
  return used.some(({ isInSentence }) => isInSentence !== true) ? "low" : "info";
}

const namesOf = (addresses: readonly SeenAddress[]): string[] => [
  ...new Set(addresses.map(({ host }) => (isIpv4(host) ? host : registrableDomain(host)))),
];

/** What a package says of itself holds the commands it runs while it is installed. */
const graveKind = (kind: MemberKind): MemberKind => (kind === "description" ? "setting" : kind);

/** Nothing runs what is read. */
const isForPeople = ({ isComment, writing }: SeenAddress, kind: MemberKind): boolean =>
  kind === "prose" ||
  kind === "description" ||
  isComment === true ||
  writing === "embedded" ||
  writing === "certificate";

const RISKS: readonly Risk[] = ["info", "low", "medium", "high", "critical"];
const atMost = (risk: Risk, most: Risk): Risk => (RISKS.indexOf(risk) > RISKS.indexOf(most) ? most : risk);

/** What nobody knows to be code counts one step less. */
const lowered = (risk: Risk, kind: MemberKind): Risk =>
  kind === "data" ? (RISKS[Math.max(1, RISKS.indexOf(risk) - 1)] ?? risk) : risk;

const show = (address: SeenAddress): Excerpt => ({
  offsetBytes: address.offsetBytes,
  text: addressText(address),
});
