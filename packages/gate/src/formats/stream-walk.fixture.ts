/** Reads a streamed format to its end, for the tests beside the formats. @module */

import { Budget, CHUNK_BYTES, DEFAULT_LIMITS, type Limits, SallyportError } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import type { Format, OpenContext } from "./format.ts";

export interface Walk {
  readonly members: {
    readonly name: string;
    readonly bytes: Buffer;
    readonly linkTarget?: string;
  }[];
  readonly findings: Finding[];
  /** Of the error that ended it, empty when it came to its end. Errors that are not ours are thrown. */
  readonly code: string;
  readonly message: string;
  readonly spentBytes: number;
}

/** @param options.pieceBytes - how the file is cut into the pieces the format is fed with */
export async function walkStream(
  format: Format,
  bytes: Buffer,
  options: { pieceBytes?: number; limits?: Partial<Limits>; maxHeldBytes?: number } = {},
): Promise<Walk> {
  const findings: Finding[] = [];
  const members: Walk["members"] = [];
  const context = streamContext(findings, options);
  let error: unknown;
  try {
    const pieces = cut(bytes, options.pieceBytes ?? CHUNK_BYTES);
    for await (const member of format.openStream?.(pieces, context) ?? []) {
      const parts: Uint8Array[] = [];
      for await (const part of member.content()) parts.push(part);
      const { name, attributes: { linkTarget } = {} } = member;
      members.push({ name, bytes: Buffer.concat(parts), ...(linkTarget !== undefined && { linkTarget }) });
    }
  } catch (caught) {
    if (!(caught instanceof SallyportError)) throw caught;
    error = caught;
  }
  const { code, message } = error instanceof SallyportError ? error : { code: "", message: "" };
  return { members, findings, code, message, spentBytes: context.budget.spent.bytes };
}

export function streamContext(
  findings: Finding[],
  options: { limits?: Partial<Limits>; maxHeldBytes?: number } = {},
): OpenContext {
  return {
    budget: new Budget({ ...DEFAULT_LIMITS, ...options.limits }),
    report: (finding) => findings.push(finding),
    refineFormat: () => {},
    claimIdentity: () => undefined,
    offsetInParentBytes: 0,
    memberNames: undefined,
    maxHeldBytes: options.maxHeldBytes ?? 128 * 1024 * 1024,
  };
}

async function* cut(bytes: Buffer, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/** Turns over one byte in each of `count` places, always the same ones for a seed. */
export function* flips(bytes: Buffer, options: { count: number; seed: number }): Generator<Buffer> {
  let state = options.seed;
  for (let made = 0; made < options.count; made += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const flipped = Buffer.from(bytes);
    const at = state % bytes.length;
    flipped.writeUInt8(flipped.readUInt8(at) ^ ((state >>> 24) | 1), at);
    yield flipped;
  }
}
