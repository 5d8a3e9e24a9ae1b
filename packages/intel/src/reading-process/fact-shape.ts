/** What a fact looks like when it comes from the reading process, which handles hostile bytes. @module */

import { IDENTIFIER_KINDS, type Json, type JsonObject, OBSERVABLE_KINDS } from "@sallyport/core";
import type { Fact, FactKind } from "../fact.ts";
import { either, flag, list, matching, number, oneOf, optional, record, type Shape, text } from "./shape.ts";

const name = text(1000);
const day = matching(/^\d{4}-\d{2}-\d{2}$/);
/** A day, or only its month or year. */
const date = matching(/^\d{4}(?:-\d{2}(?:-\d{2})?)?$/);
const dateOrTrue = either(date, oneOf(true));
const moment = matching(/^\d{4}-\d{2}-\d{2}T[\d:.]{5,16}Z$/);
const url = text(4000);
const hex = matching(/^[0-9a-f]{2,128}$/);

const naming = record({
  product: optional(name),
  vendor: optional(name),
  productAliases: optional(list(name, 1000)),
  vendorAliases: optional(list(name, 1000)),
  fileNames: optional(list(name, 1000)),
  identifiers: list(
    record({
      kind: oneOf(...IDENTIFIER_KINDS),
      value: name,
    }),
    10_000,
  ),
  scheme: oneOf(
    "generic",
    "semver",
    "deb",
    "rpm",
    "apk",
    "pep440",
    "maven",
    "nuget",
    "gem",
    "go",
    "composer",
  ),
  versions: either(
    oneOf("all"),
    record({
      ranges: list(
        record({ introduced: optional(name), fixed: optional(name), lastAffected: optional(name) }),
      ),
      exact: list(name),
      lines: optional(list(name)),
      except: optional(list(name)),
    }),
  ),
});

const indicator = record({
  kind: oneOf(...OBSERVABLE_KINDS),
  value: url,
  title: name,
  references: list(url, 1000),
  validUntil: optional(moment),
});

const witness = record({
  sha256: matching(/^[0-9a-f]{64}$/),
  packageId: name,
  product: optional(name),
  vendor: optional(name),
  version: optional(name),
  architecture: optional(name),
  url: optional(url),
});

const lifecycle = record({
  product: name,
  vendor: optional(name),
  release: optional(name),
  retiredOn: optional(date),
  endOfLife: optional(dateOrTrue),
  endOfSecuritySupport: optional(dateOrTrue),
  endOfActiveSupport: optional(dateOrTrue),
  latest: optional(name),
  replacement: optional(name),
  url: optional(url),
});

const statement = record({
  status: oneOf("not-affected", "affected", "fixed", "under-investigation"),
  justification: optional(name),
  author: name,
  url: optional(url),
});

const isJson = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** It came out of `JSON.parse`: plain data of bounded size. */
const plain: Shape<JsonObject> = (value) => {
  if (!isJson(value)) throw new Error("impossible record");
  return value satisfies Json;
};

/** A text for each of few names. */
const texts: Shape<Readonly<Record<string, string>>> = (value) => {
  const entries = Object.entries(plain(value));
  if (entries.length > 100) throw new Error("impossible record");
  return Object.fromEntries(entries.map(([key, one]) => [name(key), name(one)]));
};

const exploitation = oneOf("none", "public-poc", "active");
const technicalImpact = oneOf("partial", "total");

/** By kind; each takes the whole fact. */
const SHAPES: { readonly [Kind in FactKind]: Shape<Extract<Fact, { kind: Kind }>> } = {
  lifecycle: record({ kind: oneOf("lifecycle"), about: naming, lifecycle }),
  vulnerability: record({
    kind: oneOf("vulnerability"),
    id: name,
    aliases: list(name, 1000),
    about: naming,
    summary: text(4000),
    vector: optional(name),
    url: optional(url),
    fixedIn: optional(list(name, 1000)),
    withdrawnOn: optional(name),
  }),
  exploited: record({
    kind: oneOf("exploited"),
    cve: name,
    about: naming,
    name,
    since: day,
    dueOn: optional(day),
    action: text(8000),
    isUsedForRansom: optional(flag),
  }),
  probability: record({
    kind: oneOf("probability"),
    cve: name,
    probability: number(0, 1),
    percentile: number(0, 1),
  }),
  "decision-points": record({
    kind: oneOf("decision-points"),
    cve: name,
    exploitation: optional(exploitation),
    isAutomatable: optional(flag),
    technicalImpact: optional(technicalImpact),
  }),
  decision: record({ kind: oneOf("decision"), table: name, when: texts, outcome: name }),
  statement: record({ kind: oneOf("statement"), vulnerability: name, about: naming, statement }),
  indicator: record({ kind: oneOf("indicator"), indicator }),
  witness: record({ kind: oneOf("witness"), witness }),
  supplier: record({
    kind: oneOf("supplier"),
    supplier: record({ name, coolingOffDays: optional(number(0, 3660)), domains: list(name, 10_000) }),
  }),
  rule: record({ kind: oneOf("rule"), name, text: text(8 * 1024 * 1024) }),
  trust: record({
    kind: oneOf("trust"),
    form: oneOf("certificate", "public-key", "sigstore-root"),
    name,
    sha256: hex,
    text: text(1024 * 1024),
    purposes: list(name, 100),
    distrustedFrom: optional(day),
  }),
  fix: record({ kind: oneOf("fix"), id: name, title: name, cves: list(name, 1000), fix: plain }),
};

/** @throws Error when it is none */
export function readFact(value: unknown): Fact {
  const kind = (value as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== "string" || !Object.hasOwn(SHAPES, kind)) throw new Error("impossible fact");
  return SHAPES[kind as FactKind](value);
}
