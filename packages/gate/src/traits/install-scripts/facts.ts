import type { Conduct } from "./conduct.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** What is kept of one text. */
export interface ScriptFacts {
  /** Of a `package.json`. */
  readonly lifecycle?: Lifecycle;
  /** Of a text that can be run. */
  readonly conduct?: Conduct;
  /** Programs a shell script calls that scripts of packages ordinarily do not, sorted. */
  readonly unfamiliar?: readonly string[];
  /** The first lines, of short scripts that are run by their name. */
  readonly text?: string;
  /** Lines of a `.pth` that are code. */
  readonly startLines?: readonly string[];
}
