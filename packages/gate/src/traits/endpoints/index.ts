import { isExample, memberKind } from "../member-kind.ts";
import { listShortly } from "../small-text.ts";
import { sweep } from "../sweep.ts";
import {
  type CompareContext,
  type Difference,
  defineTrait,
  observed,
  type Pair,
  type Trait,
} from "../trait.ts";
import { type Comparison, compareAddresses } from "./compare.ts";
import { knownAddresses } from "./known.ts";
import type { AddressesSeen } from "./search.ts";

export const endpoints: Trait<AddressesSeen> = defineTrait<AddressesSeen>({
  id: "endpoints",
  title: "Addresses in the network",
  question: "Does it speak of hosts it did not speak of before?",
  document: "RFC 3986; MITRE ATT&CK T1071, T1102, T1567, T1568, T1572",
  rules: {
    "hidden-address": "Hides an address: XOR, base64, backwards, in digits.",
    "swapped-host": "An address stayed the same but for its host.",
    "look-alike-host": "A new host looks like one that was there.",
    "numeric-address": "Speaks of a machine by its number.",
    service: "Speaks of a service that malware uses because nobody blocks it.",
    "first-host": "A program that spoke of no host speaks of one.",
    "new-host": "Speaks of a host that the release before did not know; told once for a release.",
    "other-addresses": "Has other addresses at hosts that are known or only read about.",
    "too-many-addresses": "Holds more addresses than are compared, and others than before.",
  },
  async observe(source, context) {
    const { addresses } = await sweep(source, context.budget);
    return addresses.addresses.length > 0 || addresses.rest !== undefined ? addresses : undefined;
  },
  *compare(pair, context) {
    const comparison = comparisonOf(pair, context);
    if (comparison === undefined) return;
    for (const difference of compareAddresses(comparison))
      yield difference.rule === NEW_HOST ? { ...difference, risk: "info" } : difference;
    const [before, after] = [observed(pair.before, endpoints), observed(pair.after, endpoints)];
    if (comparison.kind !== "prose" && after !== undefined)
      yield* compareRest(before, after, comparison.kind);
  },
  *compareReleases(context) {
    const hosts = new Set<string>();
    let first: (Difference & { readonly path: string }) | undefined;
    for (const pair of context.pairs) {
      context.budget.checkTime();
      const comparison =
        pair.before?.member.sha256 === pair.after?.member.sha256 ? undefined : comparisonOf(pair, context);
      if (comparison === undefined || pair.after === undefined) continue;
      for (const difference of compareAddresses(comparison)) {
        if (difference.rule !== NEW_HOST || difference.risk === "info") continue;
        first ??= { ...difference, path: pair.after.member.path };
        for (const host of hostsOf(difference)) hosts.add(host);
      }
    }
    if (first !== undefined)
      yield {
        ...first,
        because: `speaks of ${listShortly([...hosts], 6)}`,
        facts: { hosts: [...hosts].slice(0, 50) },
      };
  },
});

const NEW_HOST = "new-host";

const hostsOf = ({ facts }: Difference): string[] =>
  Array.isArray(facts?.hosts) ? facts.hosts.filter((host) => typeof host === "string") : [];

function comparisonOf(pair: Pair, context: CompareContext): Comparison | undefined {
  const after = observed(pair.after, endpoints);
  if (pair.after === undefined || after === undefined) return undefined;
  const before = observed(pair.before, endpoints);
  const { format, path } = pair.after.member;
  const kind = memberKind(format, path);
  return {
    kind,
    isCut: before?.rest !== undefined,
    isExample: kind === "script" && isExample(path),
    before: pair.before === undefined ? undefined : (before?.addresses ?? []),
    after: after.addresses,
    known: knownAddresses(context.before, endpoints),
  };
}

/** Code that was short of the limit and is beyond it hides one address among many; lists of them are data. */
function* compareRest(
  before: AddressesSeen | undefined,
  { rest }: AddressesSeen,
  kind: Comparison["kind"],
): Generator<Difference> {
  if (rest === undefined || rest.sha256 === before?.rest?.sha256) return;
  const isCode = kind === "script" || kind === "native";
  const isGained = before?.rest === undefined;
  const isUnseen = rest.unseen > (before?.rest?.unseen ?? 0);
  yield {
    rule: "too-many-addresses",
    risk: isGained && isCode ? "high" : isGained || isUnseen ? "medium" : "low",
    because: "holds so many addresses that not all could be compared",
    facts: { count: rest.count, unseen: rest.unseen },
  };
}
