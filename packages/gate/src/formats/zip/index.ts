/**
 * ZIP archives. Whatever one reader would see and another would not is reported: the directory is compared with
 * the headers it points to, and every byte must belong to something. Source: PKWARE APPNOTE 6.3.10.
 * @module
 */

import { ArtifactError, type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { judgeLinkTarget, nameFinding } from "../../member-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { attributesOf } from "../member-attributes.ts";
import { readAppended, startsAsNavx } from "./appended-signature.ts";
import { checkStored, type Packed, requireReadable, unpack } from "./content.ts";
import { type Entry, readDirectory } from "./directory.ts";
import { endsAsZip, readEndRecord } from "./end-record.ts";
import { nameFlavour, ZIP_FORMATS } from "./flavour.ts";
import { type Gap, isFillingInFront, judgeGap, promisesDescriptor } from "./gap.ts";
import { type Placed, ReadAhead, readLocalHeader } from "./local-header.ts";
import { judgeNames } from "./names.ts";
import { explainPrefix } from "./prefix.ts";
import { areTwins } from "./twins.ts";

const LONGEST_LINK_BYTES = 4096;
/** Programs load these by name from the archive itself; names of one another's other case are common. */
const READ_IN_PLACE: ReadonlySet<string | undefined> = new Set(["jar", "apk"]);

export const zip: Format = {
  id: "zip",
  title: "ZIP archive",
  document: "PKWARE APPNOTE.TXT 6.3.10",
  names: ZIP_FORMATS.filter((name) => name !== "zip"),
  recognise: ({ head, tail }: Glimpse) =>
    (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) || startsAsNavx(head) || endsAsZip(tail),
  open: openZip,
};

async function* openZip(whole: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const appended = await readAppended(whole);
  // It is judged with the signatures, for which the file must go by its own kind's name.
  const source = appended?.signature === undefined ? whole : new RangeSource(whole, 0, appended.contentEnd);
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
  const flavour = nameFlavour(new Set(entries.map(({ name }) => name)));
  const format = appended?.format ?? flavour;
  if (format !== undefined) context.refineFormat(format);
  const pairs: [Entry, Entry][] = [];
  judgeNames(entries, READ_IN_PLACE.has(flavour), {
    again: (first, entry) => pairs.push([first, entry]),
    lie: (because, name) => report(context, because, name),
    problem: (problem, name) => context.report(nameFinding(problem, name)),
  });
  const at = { source, baseOffset: end.baseOffset, budget: context.budget };
  for (const pair of pairs) if (!(await areTwins(pair, at))) report(context, "is there twice", pair[1].name);
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
  for (const [index, entry] of ordered.entries()) {
    context.budget.checkTime();
    const offset = entry.localOffset + layout.baseOffset;
    const isShared = offset < reached;
    if (isShared) report(context, "shares bytes with another member", entry.name);
    else if (index === 0 && offset > 0 && offset <= layout.directoryOffset) {
      if (!(await isFillingInFront(window, offset, context.budget)))
        yield* judgePrefix(source, context, offset);
    } else if (offset <= layout.directoryOffset)
      await reportGap(window, context, { from: reached, to: offset, before, isLast: false });
    const placed = await place({ window, entry, context, offset });
    if (placed instanceof ArtifactError) {
      yield unreadable(entry, placed);
      continue;
    }
    if (placed.endOffset > layout.directoryOffset) report(context, "reaches into the directory", entry.name);
    // What lies behind the one that reaches furthest is judged with that one's descriptor.
    if (placed.endOffset >= reached) before = entry;
    reached = Math.max(reached, placed.endOffset);
    const lie = (because: string) => report(context, because, entry.name);
    const { budget, maxHeldBytes } = context;
    // Its bytes were another member's already: whatever comes out, reading them again is paid for.
    if (isShared) budget.spendBytes(Math.min(entry.packedBytes, source.sizeBytes));
    const { dataOffset } = placed;
    const packed = { source, window, entry, dataOffset, budget, maxHeldBytes, lie };
    const member = await makeMember(packed, context);
    if (member) yield member;
  }
  if (ordered.length === 0 && layout.directoryOffset > 0)
    yield* judgePrefix(source, context, layout.directoryOffset);
  else if (reached <= layout.directoryOffset)
    await reportGap(window, context, { from: reached, to: layout.directoryOffset, before, isLast: true });
}

/** A member whose header cannot be read hides nothing behind it: the error stands for the member. */
async function place(asked: {
  window: ReadAhead;
  entry: Entry;
  context: OpenContext;
  offset: number;
}): Promise<Placed | ArtifactError> {
  const { window, entry, context, offset } = asked;
  try {
    const placed = await readLocalHeader(window, entry, offset);
    if (placed.disagreements.length > 0) {
      const differing = placed.disagreements.join(", ");
      report(context, `has another ${differing} in its header than in the directory`, entry.name);
    }
    return placed;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    report(context, "is listed where no readable header stands", entry.name);
    return error;
  }
}

const unreadable = (entry: Entry, error: ArtifactError): Member => ({
  name: entry.name,
  claimedBytes: entry.sizeBytes,
  // biome-ignore lint/correctness/useYield: there is nothing to yield, only the reason
  async *content() {
    throw error;
  },
});

async function makeMember(packed: Packed, context: OpenContext): Promise<Member | undefined> {
  const { entry, source, dataOffset } = packed;
  // A folder has no content to examine; one that has some is looked at like a file.
  if (entry.isFolder && entry.sizeBytes === 0 && entry.packedBytes <= 2) return undefined;
  if (entry.isSymbolicLink) await judgeLink(packed, context);
  const name = context.memberNames?.get(entry.name) ?? entry.name;
  const attributes = attributesOf(entry.claims);
  const member = { name, claimedBytes: entry.sizeBytes, ...attributes, content: () => unpack(packed) };
  if (entry.method !== 0 || (entry.flags & 0x2041) !== 0) return member;
  if (dataOffset + entry.packedBytes > source.sizeBytes)
    return unreadable(entry, new ArtifactError("artifact.truncated", "zip: the member is cut short"));
  await checkStored(packed);
  const inPlace = new RangeSource(source, dataOffset, entry.packedBytes);
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
    if (problem) context.report(nameFinding(problem, entry.name));
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    context.report(
      nameFinding({ because: "is a link whose target cannot be read", escapes: false }, entry.name),
    );
  }
}

/** A beginning that no scheme explains is reported; one that could hold something is a member. */
async function* judgePrefix(
  source: ByteSource,
  context: OpenContext,
  lengthBytes: number,
): AsyncGenerator<Member> {
  const prefix = await explainPrefix(source, lengthBytes);
  if (prefix === undefined) report(context, `has ${lengthBytes} bytes before its first member`);
  if (prefix?.format !== undefined) context.refineFormat(prefix.format);
  if (prefix?.isBare) return;
  const range = { source: new RangeSource(source, 0, lengthBytes), offsetInParentBytes: 0 };
  yield {
    name: "[before the archive]",
    claimedBytes: lengthBytes,
    range,
    content: () => range.source.stream(),
  };
}

async function reportGap(window: ReadAhead, context: OpenContext, gap: Gap): Promise<void> {
  // Most members stand side by side, with nothing promised between them.
  if (gap.from === gap.to && !promisesDescriptor(gap.before)) return;
  const because = await judgeGap(window, gap, context.budget);
  if (because) report(context, because, undefined, { offsetBytes: gap.from, lengthBytes: gap.to - gap.from });
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
