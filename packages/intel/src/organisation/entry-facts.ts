/** Facts from what a person types, checked before they count for everybody. @module */

import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { hasCode, type Identifier, type ObservableKind, UsageError } from "@sallyport/core";
import type { IndicatorFact, LifecycleFact, SupplierFact, TrustFact } from "../fact.ts";
import { observableOf } from "../indicators/index.ts";
import { parseCpe } from "../match/cpe.ts";
import { parsePurl } from "../match/purl.ts";

const MAX_NAME_CHARACTERS = 200;
const MAX_DAYS = 3_650;
const MAX_KEY_CHARACTERS = 200_000;

export interface RetirementInput {
  readonly product: string;
  /** A product without its maker is many products: one of the two is needed. */
  readonly vendor?: string;
  readonly identifiers?: readonly Identifier[];
  /** Only this line of releases: `3.11`. */
  readonly release?: string;
  /** Taken back by its maker since: `2020-04-01`. */
  readonly retiredOn?: string;
  /** No fixes of any kind since. */
  readonly endOfLife?: string;
  readonly replacement?: string;
  readonly url?: string;
}

/** @throws UsageError `usage.value` */
export function retirementFact(input: RetirementInput): LifecycleFact {
  const { release, retiredOn, endOfLife, replacement, url, identifiers = [] } = input;
  const product = name("product", input.product);
  const vendor = input.vendor === undefined ? undefined : name("vendor", input.vendor);
  if (vendor === undefined && identifiers.length === 0)
    refuse("a product's name alone fits other products too: name its vendor, or an identifier");
  identifiers.forEach(requireReadable);
  if ((retiredOn === undefined) === (endOfLife === undefined))
    refuse("say since when: either that it was retired, or the end of its life");
  return {
    kind: "lifecycle",
    about: {
      product,
      ...(vendor !== undefined && { vendor }),
      identifiers,
      scheme: "generic",
      versions: release === undefined ? "all" : { ranges: [], exact: [], lines: [name("release", release)] },
    },
    lifecycle: {
      product,
      ...(vendor !== undefined && { vendor }),
      ...(release !== undefined && { release }),
      ...(retiredOn !== undefined && { retiredOn: day(retiredOn) }),
      ...(endOfLife !== undefined && { endOfLife: day(endOfLife) }),
      ...(replacement !== undefined && { replacement: name("replacement", replacement) }),
      ...(url !== undefined && { url: address(url) }),
    },
  };
}

/** One that cannot be read would meet nothing, without a word. */
function requireReadable({ kind, value }: Identifier): void {
  const isReadable =
    kind === "purl" ? parsePurl(value) !== undefined : kind !== "cpe" || parseCpe(value) !== undefined;
  if (!isReadable)
    refuse(`${value.slice(0, 100)}: is no ${kind === "purl" ? "package URL" : "CPE name"} that can be read`);
}

/** @throws UsageError `usage.value` */
export function supplierFact(input: {
  name: string;
  domains: readonly string[];
  coolingOffDays?: number;
}): SupplierFact {
  const { coolingOffDays } = input;
  const isDays = coolingOffDays === undefined || (Number.isInteger(coolingOffDays) && coolingOffDays >= 0);
  if (!isDays || (coolingOffDays ?? 0) > MAX_DAYS)
    refuse(`a release waits a whole number of days, at most ${MAX_DAYS}`);
  const domains = [...new Set(input.domains.map((domain) => observable("domain", domain)))];
  if (domains.length === 0 && coolingOffDays === undefined)
    refuse("say what is to hold of the supplier: its domains, or how many days its releases wait");
  return {
    kind: "supplier",
    supplier: {
      name: name("name", input.name),
      ...(coolingOffDays !== undefined && { coolingOffDays }),
      domains,
    },
  };
}

/** @throws UsageError `usage.value` */
export function indicatorFact(input: {
  kind: ObservableKind;
  /** As it is written anywhere: defanged, with colons, in capitals. */
  value: string;
  title: string;
  validUntil?: string;
  references?: readonly string[];
}): IndicatorFact {
  const { kind, validUntil, references = [] } = input;
  return {
    kind: "indicator",
    indicator: {
      kind,
      value: observable(kind, input.value),
      title: name("title", input.title),
      references: references.map(address),
      ...(validUntil !== undefined && { validUntil: `${day(validUntil)}T00:00:00.000Z` }),
    },
  };
}

/**
 * @param input.text - PEM of a certificate or public key, an armoured OpenPGP key, or a minisign key
 * @throws UsageError `usage.key` when it is none of these
 */
export function trustedKeyFact(input: {
  name: string;
  text: string;
  purposes: readonly string[];
}): TrustFact {
  const { text, purposes } = input;
  return {
    kind: "trust",
    form: formOf(text),
    name: name("name", input.name),
    sha256: createHash("sha256").update(text).digest("hex"),
    text,
    purposes: purposes.map((purpose) => name("purpose", purpose)),
  };
}

function formOf(text: string): TrustFact["form"] {
  if (text.length > MAX_KEY_CHARACTERS) throw new UsageError("usage.key", "the key is larger than any key");
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text))
    throw new UsageError("usage.key", "this is a private key: keep it, and hand in the public one");
  try {
    if (text.includes("-----BEGIN CERTIFICATE-----")) {
      new X509Certificate(text);
      return "certificate";
    }
    if (text.includes("-----BEGIN PUBLIC KEY-----")) createPublicKey(text);
    else if (!/-----BEGIN PGP PUBLIC KEY BLOCK-----|^untrusted comment:.*\r?\nRW/m.test(text))
      throw new TypeError("none of the kinds that are known");
    return "public-key";
  } catch (cause) {
    throw new UsageError(
      "usage.key",
      "this is no certificate or public key: hand in PEM, an armoured OpenPGP key or a minisign key",
      { cause },
    );
  }
}

function observable(kind: ObservableKind, value: string): string {
  try {
    return observableOf(kind, value).value;
  } catch (error) {
    if (hasCode(error, "feed.malformed")) return refuse(`${value.slice(0, 100)}: ${error.message}`);
    throw error;
  }
}

/** A day there is. */
function day(text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time);
  if (!isDay || new Date(time).toISOString().slice(0, 10) !== text)
    return refuse(`${text.slice(0, 40)}: is no day; write it as 2026-11-25`);
  return text;
}

function name(what: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MAX_NAME_CHARACTERS)
    return refuse(`the ${what} needs 1 to ${MAX_NAME_CHARACTERS} characters`);
  return trimmed;
}

const address = (text: string): string =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? text
    : refuse(`${text.slice(0, 100)}: is no web address`);

function refuse(because: string): never {
  throw new UsageError("usage.value", because);
}
