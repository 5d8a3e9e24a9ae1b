/** What rules are told of the file they are asked of. @module */

import type { Externals } from "../../rules/rule-set.ts";
import type { ObserveContext } from "../trait.ts";

/** The usual variables of public rules; `filetype` is our own name of the format, in capitals as theirs are. */
export function externalsOf({ path, format }: Pick<ObserveContext, "path" | "format">): Externals {
  const filename = path.slice(path.lastIndexOf("/") + 1);
  const dot = filename.lastIndexOf(".");
  return {
    filename,
    filepath: path.slice(0, Math.max(0, path.length - filename.length - 1)),
    extension: dot < 0 ? "" : filename.slice(dot),
    filetype: format.toUpperCase(),
    owner: "",
  };
}
