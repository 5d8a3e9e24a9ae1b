/**
 * What an attribute of MISP says, in our kinds of observables. Source: MISP core format (draft-dulaunoy-misp-core-format) §2.4
 * and its list of types.
 * @module
 */

import type { Json, Observable, ObservableKind } from "@sallyport/core";
import { FeedError } from "../../feed-error.ts";
import { observableOf, refang } from "../../indicators/index.ts";
import { requiredText } from "../../reading/index.ts";

/** Of a type with two halves, what each half is; an empty one names no indicator. */
const HALVES: Readonly<Record<string, readonly (ObservableKind | "")[]>> = {
  md5: ["md5"],
  sha1: ["sha1"],
  sha256: ["sha256"],
  "filename|md5": ["", "md5"],
  "filename|sha1": ["", "sha1"],
  "filename|sha256": ["", "sha256"],
  "malware-sample": ["", "md5"],
  authentihash: ["signed-content"],
  "filename|authentihash": ["", "signed-content"],
  domain: ["domain"],
  hostname: ["domain"],
  "hostname|port": ["domain", ""],
  "domain|ip": ["domain", "ip-address"],
  "ip-dst": ["ip-address"],
  "ip-src": ["ip-address"],
  "ip-dst|port": ["ip-address", ""],
  "ip-src|port": ["ip-address", ""],
  url: ["url"],
  link: ["url"],
  "x509-fingerprint-sha256": ["certificate-sha256"],
  "pattern-in-file": ["text"],
};

/** @throws FeedError when it cannot be read, or is of a type that is not */
export function observablesOf(attribute: Json, isCertificate: boolean): readonly Observable[] {
  const type = requiredText(attribute, "type", 100);
  const value = requiredText(attribute, "value", 64 * 1024);
  const relation = isCertificate ? requiredText(attribute, "object_relation", 100) : "";
  if (relation === "serial-number") return [observableOf("certificate-serial", value)];
  const halves = Object.hasOwn(HALVES, type) ? HALVES[type] : undefined;
  if (halves === undefined)
    throw new FeedError("feed.malformed", `is of the type ${type}, which is not read here`);
  const values = halves.length === 1 ? [value] : value.split("|");
  if (values.length !== halves.length)
    throw new FeedError("feed.malformed", `is of the type ${type}, and has not its two halves`);
  return halves.flatMap((kind, index) =>
    kind === "" ? [] : [observableOf(kind, plain(values[index], kind))],
  );
}

const plain = (value = "", kind: ObservableKind): string => (kind === "text" ? value : refang(value));
