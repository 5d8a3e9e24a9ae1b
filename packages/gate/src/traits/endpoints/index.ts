import { sweep } from "../sweep.ts";
import { type Difference, defineTrait, observed, type Trait } from "../trait.ts";
import { compareAddresses, kindOf } from "./compare.ts";
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
    "new-host": "Speaks of a host that the release before did not know.",
    "other-addresses": "Has other addresses at hosts that are known or only read about.",
    "too-many-addresses": "Holds more addresses than are compared, and others than before.",
  },
  async observe(source, context) {
    const { addresses } = await sweep(source, context.budget);
    return addresses.addresses.length > 0 || addresses.rest !== undefined ? addresses : undefined;
  },
  *compare(pair, context) {
    if (pair.after === undefined) return;
    const after = observed(pair.after, endpoints);
    if (after === undefined) return;
    const before = observed(pair.before, endpoints);
    const { format, path } = pair.after.member;
    const kind = kindOf(format, path);
    yield* compareAddresses({
      kind,
      isCut: before?.rest !== undefined,
      before: pair.before === undefined ? undefined : (before?.addresses ?? []),
      after: after.addresses,
      known: knownAddresses(context.before, endpoints),
    });
    if (kind !== "prose") yield* compareRest(before, after);
  },
});

function* compareRest(before: AddressesSeen | undefined, { rest }: AddressesSeen): Generator<Difference> {
  if (rest === undefined || rest.sha256 === before?.rest?.sha256) return;
  yield {
    rule: "too-many-addresses",
    risk: rest.unseen > (before?.rest?.unseen ?? 0) ? "medium" : "low",
    because: "holds so many addresses that not all could be compared",
    facts: { count: rest.count, unseen: rest.unseen },
  };
}
