/** What readers under test are given. @module */

import { Budget, type ByteSource, DEFAULT_LIMITS, type Limits, MemorySource } from "@sallyport/core";
import type { Finding, Member, OpenContext } from "@sallyport/gate";

export const sourceOf = (bytes: Uint8Array): ByteSource => new MemorySource(bytes);

/** A budget that a test can exhaust, with the defaults for what it does not name. */
export const testBudget = (limits: Partial<Limits> = {}): Budget =>
  new Budget({ ...DEFAULT_LIMITS, ...limits });

/** Reads a stream to its end. */
export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

/** The bytes of a member, from wherever it keeps them. */
export const contentOf = (member: Member): Promise<Buffer> =>
  collect(member.range === undefined ? member.content() : member.range.source.stream());

/** A context that keeps what a format reports. */
export function recordingContext(budget: Budget = testBudget()): {
  readonly context: OpenContext;
  readonly findings: Finding[];
  readonly refinedTo: () => string | undefined;
} {
  const findings: Finding[] = [];
  let refined: string | undefined;
  const context: OpenContext = {
    budget,
    report: (finding) => findings.push(finding),
    refineFormat: (name) => {
      refined = name;
    },
    claimIdentity: () => undefined,
    offsetInParentBytes: 0,
    memberNames: undefined,
    maxHeldBytes: 256 * 1024 * 1024,
  };
  return { context, findings, refinedTo: () => refined };
}
