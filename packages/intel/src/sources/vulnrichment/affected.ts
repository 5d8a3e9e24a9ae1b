/** Which products and versions a CVE record names. Source: CVE JSON record format 5.1, `product` and `cpeApplicability`. @module */

import type { Identifier, Json, JsonObject } from "@sallyport/core";
import { parseCpe } from "../../match/cpe.ts";
import type { Naming, VersionRange } from "../../naming.ts";
import { isJsonObject, member, optionalList, optionalText, refuse, textList } from "../../reading/index.ts";
import { anyVersionOf } from "../../vex/product.ts";
import { versionsOf } from "./version-set.ts";
import { isNothing, lineOf } from "./version-text.ts";

/** @returns none when it names no maker and product, as old records do with `n/a` */
export function namingsOfAffected(affected: Json): readonly Naming[] {
  if (!isJsonObject(affected)) refuse("affected", "holds no object");
  if (isDistributionPackage(affected)) return [];
  const vendor = named(affected, "vendor");
  const product = named(affected, "product");
  const identifiers = [...cpesOf(affected), ...packageUrlOf(affected)];
  if (identifiers.length === 0 && (vendor === undefined || product === undefined)) return [];
  const versions = versionsOf(affected, lineOf(product ?? ""));
  if (versions === undefined) return [];
  return [
    {
      ...(product !== undefined && { product }),
      ...(vendor !== undefined && { vendor }),
      identifiers,
      scheme: "generic",
      versions,
    },
  ];
}

/** Red Hat's records name a platform and, beside it, the package that is meant: such packages are told by OSV and CSAF. */
function isDistributionPackage(affected: JsonObject): boolean {
  const collection = optionalText(affected, "collectionURL", 2000) ?? "";
  const types = optionalList(affected, "versions").map((entry) => member(entry, "versionType"));
  return (
    /^https:\/\/access\.redhat\.com\//.test(collection) ||
    types.some((type) => DISTRIBUTIONS.has(String(type)))
  );
}

const DISTRIBUTIONS = new Set(["rpm", "deb", "dpkg", "apk"]);

function named(affected: JsonObject, name: string): string | undefined {
  const text = optionalText(affected, name, 1000);
  return text === undefined || isNothing(text) ? undefined : text;
}

/** Without their version: which versions are meant stands beside them. */
function cpesOf(affected: JsonObject): readonly Identifier[] {
  const values = textList(affected, "cpes").flatMap((text) => {
    const cpe = parseCpe(text);
    return cpe === undefined || cpe.part === "h" ? [] : [anyVersionOf(cpe)];
  });
  return [...new Set(values)].slice(0, 1000).map((value) => ({ kind: "cpe", value }));
}

function packageUrlOf(affected: JsonObject): readonly Identifier[] {
  const value = optionalText(affected, "packageURL", 900);
  return value?.startsWith("pkg:") ? [{ kind: "purl", value: value.replace(/@[^/?#]*(?=[?#]|$)/, "") }] : [];
}

/** NVD's form: CPEs with ranges beside them. Only what is vulnerable by itself, without a second product, counts. */
export function namingsOfApplicability(applicability: Json): readonly Naming[] {
  if (member(applicability, "operator") === "AND") return [];
  return optionalList(applicability, "nodes").flatMap((node) => {
    if (member(node, "operator") === "AND" || member(node, "negate") === true) return [];
    return optionalList(node, "cpeMatch").flatMap(namingOfMatch);
  });
}

function namingOfMatch(match: Json): readonly Naming[] {
  const criteria = optionalText(match, "criteria", 1000);
  const cpe = criteria === undefined ? undefined : parseCpe(criteria);
  if (member(match, "vulnerable") === false || cpe === undefined || cpe.part === "h") return [];
  const text = (name: string) => optionalText(match, name, 300);
  const after = text("versionStartExcluding");
  const introduced = text("versionStartIncluding") ?? after;
  const fixed = text("versionEndExcluding");
  const lastAffected = text("versionEndIncluding");
  const hasRange = introduced !== undefined || fixed !== undefined || lastAffected !== undefined;
  const range: VersionRange = {
    ...(introduced !== undefined && { introduced }),
    ...(fixed !== undefined ? { fixed } : lastAffected !== undefined && { lastAffected }),
  };
  return [
    {
      identifiers: [{ kind: "cpe", value: anyVersionOf(cpe) }],
      scheme: "generic",
      versions: {
        ranges: hasRange ? [range] : [],
        exact: hasRange || cpe.version === undefined ? [] : [cpe.version],
        ...(after !== undefined && { except: [after] }),
      },
    },
  ];
}
