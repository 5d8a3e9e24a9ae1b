/**
 * What follows without anybody's word: signed years ago with a certificate that has long ended, and never again. Old software
 * may well be good, so it is shown and refuses nothing.
 * @module
 */

import type { Observation } from "../check.ts";
import type { Asked } from "./asked.ts";
import type { Life } from "./life.ts";

const MIN_SIGNED_YEARS = 5;
const MIN_ENDED_YEARS = 2;
const YEAR_MILLISECONDS = 365.25 * 86_400_000;

export function inferred(
  { signedAt, certificateUntil }: Asked,
  life: Life | undefined,
  now: Date,
): readonly Observation[] {
  // Where somebody's word is known, it counts.
  if (life !== undefined || signedAt === undefined || certificateUntil === undefined) return [];
  const signedYears = yearsSince(signedAt, now);
  const endedYears = yearsSince(certificateUntil, now);
  if (!(signedYears >= MIN_SIGNED_YEARS && endedYears >= MIN_ENDED_YEARS)) return [];
  const because =
    `it was signed on ${signedAt.slice(0, 10)}, and its signer's certificate ended on ${certificateUntil.slice(0, 10)}: ` +
    "its maker may have given it up; ask for a newer release";
  return [
    {
      outcome: "pass",
      because,
      facts: {
        phase: "inferred",
        product: "",
        productIsOver: false,
        partIsOver: false,
        signedAt,
        certificateUntil,
        notable: true,
      },
    },
  ];
}

const yearsSince = (instant: string, now: Date): number =>
  (now.getTime() - Date.parse(instant)) / YEAR_MILLISECONDS;
