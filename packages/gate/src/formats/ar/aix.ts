/**
 * AIX's archives, `<bigaf>` and the older `<aiaff>`: members in a chain that leads back and forth through the file.
 * Sources: IBM, AIX 7.3 "ar File Format (Big)" and "ar File Format (Small)".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { isAllZero } from "../front-reader.ts";
import { MAGIC_BYTES, readText } from "./header.ts";
import type { ArMember, ArReading } from "./members.ts";

export const BIG_MAGIC = "<bigaf>\n";
export const SMALL_MAGIC = "<aiaff>\n";
const TERMINATOR = "`\n";
/** More than this of nothing between two members cannot be checked at once. */
const GAP_BYTES = 64 * 1024;

/** Where each kind keeps its decimal numbers. */
interface Layout {
  readonly numberBytes: number;
  /** In the file's header: the table of members, the indexes, the first member, the last one. */
  readonly tables: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly headerBytes: number;
  readonly memberBytes: number;
}

const BIG: Layout = {
  numberBytes: 20,
  tables: [8, 28, 48],
  first: 68,
  last: 88,
  headerBytes: 128,
  memberBytes: 112,
};
const SMALL: Layout = {
  numberBytes: 12,
  tables: [8, 20],
  first: 32,
  last: 44,
  headerBytes: 68,
  memberBytes: 88,
};

export const isAix = (magic: string): boolean => magic === BIG_MAGIC || magic === SMALL_MAGIC;

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export async function* walkAixMembers(source: ByteSource, reading: ArReading): AsyncGenerator<ArMember> {
  const magic = (await readExactly(source, 0, MAGIC_BYTES, "ar: the archive")).toString("latin1");
  const layout = magic === BIG_MAGIC ? BIG : SMALL;
  const head = await readExactly(source, 0, layout.headerBytes, "ar: the archive's header");
  const number = (at: number) => readNumber(head, at, layout.numberBytes);
  const parts: [number, number][] = [[0, layout.headerBytes]];
  const seen = new Set<number>();
  const last = number(layout.last);
  for (let at = number(layout.first); at > 0; ) {
    const { member, next } = await readMember(source, at, { layout, kind: "file", reading });
    if (seen.has(at)) throw new ArtifactError("artifact.malformed", "ar: its members lead in a circle");
    seen.add(at);
    parts.push([at, member.offset + member.sizeBytes]);
    yield member;
    at = at === last ? 0 : next;
  }
  for (const at of layout.tables.map(number).filter((offset) => offset > 0)) {
    const { member } = await readMember(source, at, { layout, kind: "symbols", reading });
    parts.push([at, member.offset + member.sizeBytes]);
    yield member;
  }
  await judgeSpace(source, parts, reading);
}

async function readMember(
  source: ByteSource,
  at: number,
  { layout, kind, reading }: { layout: Layout; kind: ArMember["kind"]; reading: ArReading },
): Promise<{ member: ArMember; next: number }> {
  reading.budget.checkTime();
  const head = await readExactly(source, at, layout.memberBytes, "ar: a member's header");
  const sizeBytes = readNumber(head, 0, layout.numberBytes);
  const next = readNumber(head, layout.numberBytes, layout.numberBytes);
  const nameBytes = readNumber(head, layout.memberBytes - 4, 4);
  const evenBytes = nameBytes + (nameBytes % 2);
  const tail = await readExactly(source, at + layout.memberBytes, evenBytes + 2, "ar: a member's name");
  if (tail.toString("latin1", evenBytes) !== TERMINATOR)
    throw new ArtifactError("artifact.malformed", "ar: a member's header does not end where it must");
  const offset = at + layout.memberBytes + evenBytes + 2;
  if (offset + sizeBytes > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "ar: a member is cut short");
  const name = readText(tail.subarray(0, nameBytes));
  return { member: { name, kind, headerOffset: at, offset, sizeBytes, isElsewhere: false }, next };
}

function readNumber(bytes: Buffer, at: number, length: number): number {
  const digits = /^([0-9]{1,16})[ \0]*$/.exec(bytes.toString("latin1", at, at + length))?.[1];
  if (digits === undefined) throw new ArtifactError("artifact.malformed", "ar: a number is none");
  return Number(digits);
}

/** What no chain leads to, a linker does not see, and a deleted member still stands there. */
async function judgeSpace(
  source: ByteSource,
  parts: readonly (readonly [from: number, to: number])[],
  { lie }: ArReading,
): Promise<void> {
  let end = 0;
  for (const [from, to] of [...parts, [source.sizeBytes, source.sizeBytes] as const].toSorted(
    (left, right) => left[0] - right[0],
  )) {
    const lengthBytes = from - end;
    if (lengthBytes < 0)
      lie("has members that share bytes", {
        offsetBytes: from,
        lengthBytes: Math.min(-lengthBytes, to - from),
      });
    else if (lengthBytes > GAP_BYTES || !isAllZero(await readExactly(source, end, lengthBytes, "ar: a gap")))
      lie(`has ${lengthBytes} bytes that belong to no member`, { offsetBytes: end, lengthBytes });
    end = Math.max(end, to);
  }
}
