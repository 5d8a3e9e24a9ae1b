/**
 * ZIP archives. Whatever one reader would see and another would not is reported: the directory is compared with
 * the headers it points to, and every byte must belong to something. Source: PKWARE APPNOTE 6.3.10.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { judgeLinkTarget, judgeMemberName } from "../../member-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { checkStored, type Packed, requireReadable, unpack } from "./content.ts";
import { type Entry, readDirectory } from "./directory.ts";
import { locateEnd, readEndRecord } from "./end-record.ts";
import { nameFlavour } from "./flavour.ts";
import { judgeGap, ReadAhead, readLocalHeader } from "./local-header.ts";

const LONGEST_LINK_BYTES = 4096;

export const zip: Format = {
  id: "zip",
  title: "ZIP archive",
  document: "PKWARE APPNOTE.TXT 6.3.10",
  recognise: ({ head, tail }: Glimpse) =>
    head.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1")) || locateEnd(tail)?.trailing === 0,
  open: openZip,
};

async function* openZip(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const end = await readEndRecord(source, context.offsetInParentBytes);
  for (const because of end.problems) report(context, because);
  if (end.directoryBytes > context.maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `zip: directory needs ${end.directoryBytes} bytes at once`,
    );
  const bytes = await readExactly(source, end.directoryOffset, end.directoryBytes, "zip: directory");
  const { entries, restBytes } = readDirectory(bytes, context.budget.limits.entries);
  // 0xffff without zip64 may stand for any count that does not fit.
  if (entries.length !== end.count)
    report(context, `lists ${entries.length} members and counts ${end.count}`);
  if (restBytes > 0) report(context, `has ${restBytes} bytes in its directory that are no member`);
  const flavour = nameFlavour(judgeNames(entries, context));
  if (flavour !== undefined) context.refineFormat(flavour);
  yield* walk(source, context, { entries, baseOffset: end.baseOffset, directoryOffset: end.directoryOffset });
}

interface Layout {
  readonly entries: Entry[];
  readonly baseOffset: number;
  readonly directoryOffset: number;
}

/** In the order of their bytes, so that each byte is read once and every gap is seen. */
async function* walk(source: ByteSource, context: OpenContext, layout: Layout): AsyncGenerator<Member> {
  const window = new ReadAhead(source);
  const ordered = layout.entries.sort((a, b) => a.localOffset - b.localOffset);
  let reached = 0;
  let before: Entry | undefined;
  for (const entry of ordered) {
    context.budget.checkTime();
    const offset = entry.localOffset + layout.baseOffset;
    if (offset < reached) report(context, "shares bytes with another member", entry.name);
    if (before === undefined && offset > 0) yield* judgePrefix(source, context, offset);
    else if (offset > reached) await reportGap(window, context, before, { from: reached, to: offset });
    const placed = await readLocalHeader(window, entry, offset);
    if (placed.disagreements.length > 0)
      report(
        context,
        `has another ${placed.disagreements.join(", ")} in its header than in the directory`,
        entry.name,
      );
    if (placed.endOffset > layout.directoryOffset) report(context, "reaches into the directory", entry.name);
    reached = Math.max(reached, placed.endOffset);
    before = entry;
    const lie = (because: string) => report(context, because, entry.name);
    const { budget, maxHeldBytes } = context;
    const packed = { source, window, entry, dataOffset: placed.dataOffset, budget, maxHeldBytes, lie };
    const member = await makeMember(packed, context);
    if (member) yield member;
  }
  if (reached < layout.directoryOffset)
    await reportGap(window, context, before, { from: reached, to: layout.directoryOffset });
}

async function makeMember(packed: Packed, context: OpenContext): Promise<Member | undefined> {
  const { entry, source, dataOffset } = packed;
  // A folder has no content to examine; one that has some is looked at like a file.
  if (entry.name.endsWith("/") && entry.sizeBytes === 0 && entry.packedBytes <= 2) return undefined;
  if (entry.isSymbolicLink) await judgeLink(packed, context);
  const name = context.memberNames?.get(entry.name) ?? entry.name;
  const member = { name, claimedBytes: entry.sizeBytes, content: () => unpack(packed) };
  if (entry.method !== 0 || (entry.flags & 0x2041) !== 0) return member;
  const inPlace = new RangeSource(source, dataOffset, entry.packedBytes);
  await checkStored(packed);
  return { ...member, range: { source: inPlace, offsetInParentBytes: dataOffset } };
}

async function judgeLink(packed: Packed, context: OpenContext): Promise<void> {
  const { entry } = packed;
  try {
    requireReadable(entry);
    if (entry.sizeBytes > LONGEST_LINK_BYTES)
      throw new ArtifactError("artifact.malformed", "zip: link is too long");
    const pieces: Uint8Array[] = [];
    for await (const piece of unpack(packed)) pieces.push(piece);
    const problem = judgeLinkTarget(entry.name, Buffer.concat(pieces).toString("utf8"));
    if (problem) reportName(context, entry.name, problem);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    reportName(context, entry.name, { because: "is a link whose target cannot be read", escapes: false });
  }
}

/** @returns the names, once each */
function judgeNames(entries: readonly Entry[], context: OpenContext): Set<string> {
  const names = new Set<string>();
  const folded = new Map<string, string>();
  for (const { name, hasTwoNames } of entries) {
    if (names.has(name)) report(context, "is there twice", name);
    names.add(name);
    const fold = name.normalize("NFC").toLowerCase();
    const twin = folded.get(fold);
    if (twin !== undefined && twin !== name)
      reportName(context, name, {
        because: "differs from another member's only in case or spelling",
        escapes: false,
      });
    folded.set(fold, name);
    if (hasTwoNames) report(context, "has a second name in its Unicode path field", name);
    const problem = judgeMemberName(name.replace(/\/$/, ""));
    if (problem) reportName(context, name, problem);
  }
  return names;
}

/** Scripts that run the archive behind them and the header of Business Central apps are known; nothing else is. */
async function* judgePrefix(
  source: ByteSource,
  context: OpenContext,
  lengthBytes: number,
): AsyncGenerator<Member> {
  const head = asBuffer(await source.read(0, Math.min(lengthBytes, 40)));
  const isNavx =
    lengthBytes === 40 &&
    head.toString("latin1", 0, 4) === "NAVX" &&
    head.toString("latin1", 36, 40) === "NAVX";
  if (isNavx) return context.refineFormat("navx");
  if (head.toString("latin1", 0, 2) !== "#!")
    report(context, `has ${lengthBytes} bytes before its first member`);
  const range = { source: new RangeSource(source, 0, lengthBytes), offsetInParentBytes: 0 };
  yield {
    name: "[before the archive]",
    claimedBytes: lengthBytes,
    range,
    content: () => range.source.stream(),
  };
}

async function reportGap(
  window: ReadAhead,
  context: OpenContext,
  before: Entry | undefined,
  range: { from: number; to: number },
): Promise<void> {
  const because = await judgeGap(window, before, range);
  if (because)
    report(context, because, undefined, { offsetBytes: range.from, lengthBytes: range.to - range.from });
}

function report(context: OpenContext, because: string, member?: string, facts: Finding["facts"] = {}): void {
  context.report({
    check: "structure",
    outcome: "fail",
    because,
    facts,
    ...(member !== undefined && { member }),
  });
}

function reportName(
  context: OpenContext,
  member: string,
  problem: { because: string; escapes: boolean },
): void {
  const facts = { escapes: problem.escapes };
  context.report({
    check: "member-names",
    outcome: "fail",
    because: `name ${problem.because}`,
    facts,
    member,
  });
}
