/** A day's estimates, as FIRST publishes them. @module */

import { gzipSync } from "node:zlib";

export const scoresOf = (...rows: readonly string[]): string =>
  ["#model_version:v2025.03.14,score_date:2026-01-01T00:00:00Z", "cve,epss,percentile", ...rows, ""].join(
    "\n",
  );

export const sample: Readonly<Record<string, Uint8Array>> = {
  "epss_scores-current.csv.gz": gzipSync(
    scoresOf("CVE-1999-0001,0.00046,0.73850", "CVE-2024-0001,0.9431,0.999"),
  ),
};
