/** What a Python distribution says of itself. Source: PyPA, core metadata specifications. @module */

import type { Identifier } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import { purlOf } from "../components/package-url.ts";
import { readHeaders } from "./headers.ts";

/** @returns undefined when it names neither product nor version */
export function readPythonIdentity(bytes: Buffer): Identity | undefined {
  const headers = readHeaders(bytes, "the metadata", "folded");
  const product = headers.get("name");
  const version = headers.get("version");
  if (product === undefined || version === undefined) return undefined;
  const company = headers.get("author") ?? nameOf(headers.get("author-email") ?? headers.get("maintainer"));
  return { product, version, ...(company === undefined || company === "UNKNOWN" ? {} : { company }) };
}

/** `Name <address>`: newer tools write the name into the address. */
const nameOf = (person: string | undefined): string | undefined =>
  person?.split("<", 1)[0]?.replaceAll('"', "").trim() || undefined;

/** Names are compared without regard to case and to which of `-`, `_`, `.` stands there. Source: PEP 503; PyPA, name normalization. */
export const pythonIdentifiers = ({ product, version }: Identity): Identifier[] =>
  product === undefined
    ? []
    : [
        purlOf({
          type: "pypi",
          name: product.toLowerCase().replaceAll(/[-_.]+/g, "-"),
          ...(version !== undefined && { version }),
        }),
      ];
