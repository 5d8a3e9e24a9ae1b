/** For sources that anybody can publish: which file is fetched is said by its address. @module */

import { UsageError } from "@sallyport/core";
import type { Choice } from "../source.ts";

/**
 * @param example - an address that could be named
 * @param maxBytes - of the file
 */
export const addressChoice = (example: string, maxBytes: number): Choice => ({
  title: "the address of a file",
  example,
  downloads(chosen) {
    const url = URL.parse(chosen);
    if (url?.protocol !== "https:")
      throw new UsageError("usage.value", `${chosen}: expected an https address, such as ${example}`);
    const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
    return [{ name: name === "" ? url.hostname : name, url: url.href, maxBytes }];
  },
});
