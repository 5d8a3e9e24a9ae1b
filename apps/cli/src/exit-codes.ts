/** What the shell learns. Contract: documented in README. @module */

import { SallyportError, UsageError, type Verdict } from "@sallyport/core";

export const EXIT = { admit: 0, hold: 10, refuse: 20, usage: 2, failed: 1 } as const;

export const exitCodeOf = (verdict: Verdict): number => EXIT[verdict];

/** A wrong call is the caller's to mend, everything else is the world's or ours. */
export const exitCodeOfError = (error: unknown): number =>
  error instanceof UsageError ? EXIT.usage : EXIT.failed;

/** What to tell a person: never a stack, which helps nobody and may hold a path of the attacker's making. */
export function messageOf(error: unknown): string {
  if (error instanceof SallyportError) return error.message;
  const detail = error instanceof Error ? error.message : String(error);
  return `something went wrong inside Sallyport, and nothing was admitted: ${detail}`;
}
