/** One thing a script can do, and how it is told by its code. @module */

import type { SourceLanguage } from "../../source-code/language.ts";

export interface Sign {
  readonly id: string;
  /** Goes on from `the script `: `reads private keys`. */
  readonly does: string;
  readonly looks: readonly Look[];
}

export interface Look {
  /** Absent: all. */
  readonly languages?: readonly SourceLanguage[];
  /** One of these must stand in the code, in lower case, before the pattern is tried: most files have none. */
  readonly needles: readonly string[];
  /**
   * Over the code in lower case. Global; every repetition is bounded and no two can match the same characters, so that
   * the time is linear.
   */
  readonly pattern: RegExp;
  /** So many different texts must match; one, when absent. */
  readonly different?: number;
  /** In strings of programs that print it for a person to copy, it is no sign; only when one of these stands close before. */
  readonly near?: RegExp;
}

export const ECMASCRIPT: readonly SourceLanguage[] = ["ecmascript"];
export const PYTHON: readonly SourceLanguage[] = ["python"];
export const SHELL: readonly SourceLanguage[] = ["shell", "other"];
export const POWERSHELL: readonly SourceLanguage[] = ["powershell"];
export const WINDOWS: readonly SourceLanguage[] = ["powershell", "batch", "vbscript"];
export const BATCH: readonly SourceLanguage[] = ["batch"];
export const VBSCRIPT: readonly SourceLanguage[] = ["vbscript"];
export const RUBY: readonly SourceLanguage[] = ["ruby"];
export const PERL_PHP: readonly SourceLanguage[] = ["perl", "php", "lua"];

/** Programs show commands to people, too; they run them only behind one of these. In lower case. */
export const RUN_NEAR: RegExp =
  /\b(?:exec|execsync|spawn|spawnsync|execfile|execfilesync|system|popen|run|call|check_output|check_call|shell_exec|\$|execa|command)\W{0,3}\(|\.run[ \t]|-c["' ,]/;
