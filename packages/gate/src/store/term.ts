/** How long a person's word counts. @module */

import { UsageError } from "@sallyport/core";

export const toDate = (milliseconds: number | null): Date | undefined =>
  milliseconds === null ? undefined : new Date(milliseconds);

export const isInForce = (
  stored: { until: Date | undefined; endedAt: Date | undefined },
  now: Date,
): boolean => stored.endedAt === undefined && (stored.until === undefined || now < stored.until);

/** @throws UsageError `usage.value` */
export function requireFuture(until: Date, now: Date): void {
  if (!(until > now)) throw new UsageError("usage.value", "the end must lie in the future");
}
