/** The base score that a CVSS vector stands for. @module */

import { readMetrics } from "./metrics.ts";
import { scoreVersion2 } from "./version-2.ts";
import { scoreVersion3 } from "./version-3.ts";
import { scoreVersion4 } from "./version-4.ts";

/**
 * @param vector - `CVSS:4.0/AV:N/…`, `CVSS:3.1/…`, `CVSS:3.0/…`, or of version 2 without its name in front
 * @returns 0 to 10 with one decimal; undefined for one that is malformed, or of a version that is not known here
 */
export function baseScore(vector: string): number | undefined {
  const parts = vector
    .trim()
    .replace(/^\((.*)\)$/, "$1")
    .split("/");
  const version = parts[0]?.startsWith("CVSS:") ? parts.shift() : "CVSS:2.0";
  const metrics = readMetrics(parts);
  if (metrics === undefined) return undefined;
  if (version === "CVSS:4.0") return scoreVersion4(metrics);
  if (version === "CVSS:3.1" || version === "CVSS:3.0") return scoreVersion3(metrics);
  return version === "CVSS:2.0" ? scoreVersion2(metrics) : undefined;
}
