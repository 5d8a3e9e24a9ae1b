/**
 * Which observables of an expression point to an attack by themselves. A hash says which file it is, so what stands beside it
 * in an AND only describes that file; everything else in an AND may be harmless alone. Source: STIX 2.1 §6 (cyber-observable
 * objects), §9.7 (object paths).
 * @module
 */

import type { Observable, ObservableKind } from "@sallyport/core";
import { observableOf } from "../../indicators/index.ts";
import type { Comparison, Expression } from "./pattern.ts";
import { refuse } from "./refusal.ts";

export interface Alone {
  readonly observables: readonly Observable[];
  readonly leftOut: readonly string[];
}

export function aloneIn(expression: Expression): Alone {
  if (expression.kind === "comparison") return guarded(() => readComparison(expression));
  const parts = expression.parts.map(aloneIn);
  const leftOut = parts.flatMap((part) => part.leftOut);
  if (expression.kind === "or")
    return { observables: parts.flatMap(({ observables }) => observables), leftOut };
  if (expression.parts.some(isNegative)) return { observables: [], leftOut: ["excludes something"] };
  const pinning = parts.filter(
    ({ observables }) => observables.length > 0 && observables.every(({ kind }) => PINNING.has(kind)),
  );
  return pinning.length > 0 && describesOne(expression)
    ? { observables: pinning.flatMap(({ observables }) => observables), leftOut: [] }
    : { observables: [], leftOut: ["wants several things to be seen together"] };
}

/** One of them says which file, or which certificate, is meant. */
const PINNING: ReadonlySet<ObservableKind> = new Set([
  "sha256",
  "sha1",
  "md5",
  "certificate-serial",
  "certificate-sha256",
]);

/** Nothing in it but what a file or a certificate is like: beside a command line, the hash may be that of a shell. */
const describesOne = (expression: Expression): boolean =>
  expression.kind === "comparison"
    ? /^(?:file|artifact|x509-certificate):/.test(expression.path)
    : expression.parts.every(describesOne);

const isNegative = (expression: Expression): boolean =>
  expression.kind === "comparison"
    ? expression.isNegated || expression.operator === "!=" || expression.operator === "<>"
    : expression.parts.some(isNegative);

function guarded(read: () => readonly Observable[]): Alone {
  try {
    return { observables: read(), leftOut: [] };
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "feed.malformed") throw error;
    return { observables: [], leftOut: [error.message.replace(/^the pattern /, "")] };
  }
}

function readComparison(comparison: Comparison): readonly Observable[] {
  const { path, operator, constants } = comparison;
  if (isNegative(comparison)) return refuse("excludes something");
  if (!["=", "==", "IN"].includes(operator)) return refuse(`compares by ${operator}, which is not read here`);
  return constants.map((value) => {
    const kind = kindOf(path, value);
    try {
      return observableOf(kind, value);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return refuse(`holds a value of ${path} that ${error.message}`);
    }
  });
}

/** What stands between points; in quotes a point is a letter like others. */
const STEP = /(?:'[^']*'|[^'.])+/g;

function kindOf(path: string, value: string): ObservableKind {
  const [, type = "", rest = ""] = /^([^:]+):(.*)$/s.exec(path) ?? [];
  const steps = (rest.match(STEP) ?? []).map((step) => step.replaceAll("'", ""));
  const hash = hashKind(steps, type);
  if (hash !== undefined) return hash;
  const address = /^[\d.]+(?:\/\d+)?$|^[0-9a-f:]*:[0-9a-f:.]*(?:\/\d+)?$/i.test(value)
    ? "ip-address"
    : "domain";
  switch (`${type}:${steps.join(".")}`) {
    case "domain-name:value":
      return "domain";
    case "url:value":
      return "url";
    case "ipv4-addr:value":
    case "ipv6-addr:value":
      return "ip-address";
    case "network-traffic:dst_ref.value":
      return address;
    case "x509-certificate:serial_number":
      return "certificate-serial";
    default:
      return refuse(`asks for ${path}, which is not read here`);
  }
}

const FILES: ReadonlySet<string> = new Set(["file", "artifact", "process"]);
const DIGESTS: ReadonlyMap<string, ObservableKind> = new Map([
  ["md5", "md5"],
  ["sha1", "sha1"],
  ["sha256", "sha256"],
]);

/** `hashes.'SHA-256'`, `hashes.MD5`, `image_ref.hashes.SHA1`. */
function hashKind(steps: readonly string[], type: string): ObservableKind | undefined {
  if (steps.at(-2) !== "hashes") return undefined;
  const kind = DIGESTS.get((steps.at(-1) ?? "").replaceAll(/[^A-Za-z0-9]/g, "").toLowerCase());
  if (type === "x509-certificate") return kind === "sha256" ? "certificate-sha256" : undefined;
  return FILES.has(type) ? kind : undefined;
}
