/** The seam for behaviours: one folder with a `rule.yar` and one line in `registry.ts` each. @module */

/**
 * What kind of file shows a behaviour; how unusual it is depends on it.
 * - `program`: a native program that is started
 * - `library`: native code that others load
 * - `script`: source that is run
 * - `data`: everything else
 */
export type FileKind = "program" | "library" | "script" | "data";

/** As sentences name them. */
export const NAMES: Readonly<Record<FileKind, string>> = {
  program: "program",
  library: "library",
  script: "script",
  data: "file",
};

/** How a reviewer should take it that a file of a kind gained a behaviour; the words of differences. */
export type GainRisk = "high" | "medium" | "low" | "info";

export interface Behaviour {
  /** Its folder, and `behaviour` in the metadata of each of its rules. */
  readonly id: string;
  /** Completes "this file …": `reads the passwords that browsers keep`. */
  readonly does: string;
  /** Techniques of MITRE ATT&CK. */
  readonly attack: readonly string[];
  /** How unusual it is that a file of this kind begins to do it. */
  readonly gained: Readonly<Record<FileKind, GainRisk>>;
}
