/**
 * Opens what 7-Zip opens and nothing here does: lists first, judges the list, then unpacks in the list's order. The
 * program is WebAssembly inside the parser process: it reads one file, writes nowhere, and is stopped at the budget.
 * What 7-Zip keeps quiet about (bytes around the archive, names that are there twice, names that climb) is said here.
 * @module
 */

import { ArtifactError, type ByteSource, hasCode, RangeSource } from "@sallyport/core";
import type { Member, OpenContext } from "../formats/format.ts";
import { FrontReader, judgeRest } from "../formats/front-reader.ts";
import { attributesOf } from "../formats/member-attributes.ts";
import { judgeLinkTarget } from "../member-name.ts";
import { claimsOf, type ListedEntry, type Listing, ListingReader, numberOf } from "./listing.ts";
import { judgeList, type NameRules, reportName } from "./names.ts";
import { runSevenZip } from "./run.ts";
import { GUEST_FILE } from "./system.ts";
import { Unpacking } from "./unpacking.ts";

export interface SevenZipRequest extends NameRules {
  /** As 7-Zip names the format: `7z`, `SquashFS`. */
  readonly type: string;
  /** Bytes that the format's own document lets stand behind the archive; others are reported, unless they are zero. */
  readonly mayTrail?: boolean;
  /** What only this format can tell of its list. */
  readonly judge?: (listing: Listing, context: OpenContext) => void;
  /** For the one file of a format that gives it no name. */
  readonly nameless?: string;
}

const LONGEST_LINK_BYTES = 4096;

/**
 * Opens `source` with one of 7-Zip's formats.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.unsupported`, `artifact.over-limit`
 */
export async function* openBySevenZip(
  source: ByteSource,
  context: OpenContext,
  request: SevenZipRequest,
): AsyncGenerator<Member> {
  const listing = await listBySevenZip(source, context, request);
  await reportArchive(source, context, { listing, request });
  yield* membersOf(source, context, { listing, request });
}

/**
 * What 7-Zip lists, judged by nobody yet.
 * @throws {@link ArtifactError} when it cannot be listed
 */
export async function listBySevenZip(
  source: ByteSource,
  context: OpenContext,
  { type }: Pick<SevenZipRequest, "type">,
): Promise<Listing> {
  const { budget, maxHeldBytes } = context;
  const reader = new ListingReader(budget, maxHeldBytes);
  const run = runSevenZip({
    words: ["l", "-slt", "-sns", "-bsp0", ...selection({ type })],
    source,
    maxMemoryBytes: maxHeldBytes,
    checkTime: () => budget.checkTime(),
    onLog: (bytes) => {
      reader.add(bytes);
    },
    onOutput: (bytes) => {
      reader.add(bytes);
      return undefined;
    },
  });
  const code = await run.catch((error: unknown) => {
    if (reader.asksForPassword && hasCode(error, "artifact.malformed")) return PASSWORD_WANTED;
    throw error;
  });
  const listing = reader.finish();
  if (code === PASSWORD_WANTED || reader.asksForPassword)
    throw new ArtifactError("artifact.unsupported", "the list of its files is encrypted");
  if (code > 1 && listing.entries.length === 0) throw listingError(listing.complaints);
  // Errors that it does not explain are errors.
  return code > 1 && listing.complaints.length === 0 ? { ...listing, complaints: ["errors"] } : listing;
}

const PASSWORD_WANTED = -1;

/** What of the file is meant: the same for the list and for what is unpacked. Names are taken as they stand. */
const selection = ({ type }: Pick<SevenZipRequest, "type">): string[] => [
  "-spd",
  `-t${type}`,
  "--",
  GUEST_FILE,
];

function listingError(complaints: readonly string[]): ArtifactError {
  const text = complaints.join("; ").slice(0, 300);
  const code = /unexpected end/i.test(text) ? "artifact.truncated" : "artifact.malformed";
  return new ArtifactError(code, text === "" ? "7-Zip cannot open it" : `7-Zip cannot open it: ${text}`);
}

async function* membersOf(
  source: ByteSource,
  context: OpenContext,
  { listing, request }: { listing: Listing; request: SevenZipRequest },
): AsyncGenerator<Member> {
  const { entries } = listing;
  // 7-Zip makes a name up after the file's own, or gives none.
  const nameOf = ({ name }: ListedEntry): string =>
    request.nameless !== undefined && /^(?:archive~.*)?$/.test(name) ? request.nameless : name;
  const named = entries.map((entry) => ({ ...entry, name: nameOf(entry) }));
  judgeList(named, context, request);
  request.judge?.(listing, context);
  const unpacking = new Unpacking(source, context, { selection: selection(request), entries });
  try {
    for (const [index, entry] of named.entries()) {
      const isLink = entry.kind === "link" && entry.linkTarget === undefined && request.holds === "archive";
      if (isLink) await judgeLink(unpacking, { index, entry, context });
      if (entry.hasContent) yield memberOf(unpacking, { index, entry, context });
      else context.budget.spendEntry();
    }
    await unpacking.finish();
  } finally {
    unpacking.close();
  }
}

interface Listed {
  readonly index: number;
  readonly entry: ListedEntry;
  readonly context: OpenContext;
}

const memberOf = (unpacking: Unpacking, { index, entry, context }: Listed): Member => ({
  name: context.memberNames?.get(entry.name) ?? entry.name,
  ...(entry.sizeBytes !== undefined && { claimedBytes: entry.sizeBytes }),
  ...attributesOf(claimsOf(entry)),
  content: () => unpacking.content(index),
});

/** A symbolic link whose target is its content. */
async function judgeLink(unpacking: Unpacking, { index, entry, context }: Listed): Promise<void> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of unpacking.content(index)) {
    sizeBytes += piece.length;
    if (sizeBytes <= LONGEST_LINK_BYTES) pieces.push(piece);
  }
  const isTooLong = sizeBytes > LONGEST_LINK_BYTES;
  const target = Buffer.concat(pieces).toString("utf8");
  const problem = isTooLong
    ? { because: "links to a name that is too long", escapes: false }
    : judgeLinkTarget(entry.name, target);
  if (problem !== undefined) reportName(context, entry.name, problem);
}

/** What stands around the archive, and what 7-Zip complains of. */
async function reportArchive(
  source: ByteSource,
  context: OpenContext,
  { listing, request }: { listing: Listing; request: SevenZipRequest },
): Promise<void> {
  const { complaints, properties } = listing;
  const offsetBytes = numberOf(properties.get("Offset"));
  if (offsetBytes > 0)
    reportLie(context, `${offsetBytes} bytes stand before it`, { lengthBytes: offsetBytes });
  const tailBytes = Math.min(numberOf(properties.get("Tail Size")), source.sizeBytes);
  if (tailBytes > 0 && request.mayTrail !== true) await reportTail(source, context, tailBytes);
  for (const because of complaints.filter((text) => !/data after the end/i.test(text)))
    context.report({
      check: "opened",
      outcome: "unknown",
      because: `not opened to its end: 7-Zip says “${because.slice(0, 200)}”`,
      facts: { code: "artifact.malformed", limit: "" },
    });
}

async function reportTail(source: ByteSource, context: OpenContext, tailBytes: number): Promise<void> {
  const offsetBytes = source.sizeBytes - tailBytes;
  const tail = new RangeSource(source, offsetBytes, tailBytes);
  const { isZero } = await judgeRest(new FrontReader(tail.stream()), () => context.budget.checkTime());
  if (!isZero)
    reportLie(context, `has ${tailBytes} bytes after its end`, { offsetBytes, lengthBytes: tailBytes });
}

function reportLie(context: OpenContext, because: string, facts: Readonly<Record<string, number>>): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
