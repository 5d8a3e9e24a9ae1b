/** What a source of witnesses calls a package, as a naming that claims can be matched with. @module */

import type { Row } from "@sallyport/store";
import type { Naming } from "../naming.ts";

/** @param row - `package_id`, `product` and `vendor` */
export function namingOfPackage(source: string, row: Row): Naming {
  const { product, vendor } = row;
  return {
    ...(typeof product === "string" && { product }),
    ...(typeof vendor === "string" && { vendor }),
    identifiers: [{ kind: "package-id", value: `${source}:${String(row.package_id)}` }],
    scheme: "generic",
    versions: "all",
  };
}
