/**
 * A package's payload: a compressed cpio archive whose files are also listed in the header. rpm(8) goes by the header,
 * rpm2cpio(8) and most other readers by the archive, so the two must say the same.
 * Sources: RPM manual, "V4" and "V6 Package format"; RPM 6.0, `lib/rpmfi.cc`.
 * @module
 */

import { createHash, getHashes, type Hash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { bzip2 } from "../bzip2/index.ts";
import { type Entry, walkEntries } from "../cpio/entries.ts";
import { EntryJudge } from "../cpio/judge.ts";
import type { Format, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { gzip } from "../gzip/index.ts";
import { lzma } from "../lzma/index.ts";
import { attributesOf, type ClaimedAttributes } from "../member-attributes.ts";
import { report } from "../tar/names.ts";
import { xz } from "../xz/index.ts";
import { zstd } from "../zstd/index.ts";
import { belowRoot, type FileList, type PackageFile, readFileList } from "./files.ts";
import type { RpmPackage } from "./package.ts";
import { TAG } from "./tags.ts";

/** By RPM's name of it. */
const COMPRESSORS: Readonly<Record<string, Format>> = { gzip, bzip2, lzma, xz, zstd };

/** No compressor makes less of the end mark alone. */
const LEAST_PAYLOAD_BYTES = 16;

/** Every file of the payload. @throws {@link ArtifactError} */
export async function* openPayload(rpm: RpmPackage, context: OpenContext): AsyncGenerator<Member> {
  const { header } = rpm;
  const format = header.string(TAG.payloadFormat) ?? "cpio";
  if (format !== "cpio")
    throw new ArtifactError(
      "artifact.unsupported",
      `rpm: a payload of the format ${format} is not supported`,
    );
  const list = new ListJudge(readFileList(header), context);
  const reader = new FrontReader(await unpack(rpm, context));
  const judge = new EntryJudge({ ...context, unpackedOn: "unix" });
  const lie = (because: string, member: string | undefined) => report(context, because, member);
  const listed = (at: number) => list.at(at);
  for await (const found of walkEntries(reader, { budget: context.budget, lie, listed })) {
    const entry = { ...found, name: belowRoot(found.name) };
    const hasContent = judge.judge(entry);
    const check = list.begin(entry);
    if (hasContent)
      yield {
        name: entry.name,
        claimedBytes: entry.sizeBytes,
        ...attributesOf(list.claimsOf(entry)),
        content: () => check.watch(entry),
      };
    else context.budget.spendEntry();
    check.finish();
  }
  list.finish(header.has(TAG.sourcePackage));
  const { lengthBytes, isZero } = await judgeRest(reader, () => context.budget.checkTime());
  if (!isZero) report(context, `has ${lengthBytes} bytes behind the end of its payload's archive`);
}

/** rpm(8) takes the compressor from the header; zlib passes on what is not compressed at all. */
async function unpack(
  { header, payload }: RpmPackage,
  context: OpenContext,
): Promise<AsyncIterable<Uint8Array>> {
  if (payload.sizeBytes < LEAST_PAYLOAD_BYTES)
    throw new ArtifactError("artifact.truncated", "rpm: the payload is cut short");
  const named = header.string(TAG.payloadCompressor) ?? "gzip";
  const format = COMPRESSORS[named];
  if (format === undefined)
    throw new ArtifactError("artifact.unsupported", `rpm: a payload compressed by ${named} is not supported`);
  const head = Buffer.from(await payload.read(0, Math.min(payload.sizeBytes, 512)));
  const isPacked = format.recognise({ head, tail: Buffer.alloc(0), sizeBytes: payload.sizeBytes });
  if (!isPacked && named === "gzip" && /^07070[12X]/.test(head.toString("latin1", 0, 6)))
    return payload.stream();
  if (!isPacked)
    throw new ArtifactError(
      "artifact.malformed",
      `rpm: the payload is not compressed by ${named}, as its header says`,
    );
  return contentOf(format, payload.stream(), context);
}

async function* contentOf(
  format: Format,
  bytes: AsyncIterable<Uint8Array>,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  for await (const member of format.openStream?.(bytes, { ...context, refineFormat: () => {} }) ?? [])
    yield* member.content();
}

/** Compares what comes out of the payload with what the header lists. */
class ListJudge {
  readonly #list: FileList;
  readonly #context: OpenContext;
  readonly #byName: ReadonlyMap<string, PackageFile>;
  readonly #missing: Set<PackageFile>;

  constructor(list: FileList, context: OpenContext) {
    this.#list = list;
    this.#context = context;
    this.#byName = new Map(list.files.map((file) => [file.name, file]));
    this.#missing = new Set(list.files.filter(({ isGhost, mode }) => !isGhost && isRegular(mode)));
  }

  /** A file whose header in the archive is stripped. */
  at(index: number): PackageFile | undefined {
    const file = this.#list.files[index];
    if (file === undefined) return undefined;
    // A folder has a size in the list and none here; of several names for one file the last carries the content.
    const hasContent = (isRegular(file.mode) && !file.isLinkedLater) || typeOfMode(file.mode) === "link";
    return hasContent ? file : { ...file, sizeBytes: 0 };
  }

  /** rpm(8) goes by the header. */
  claimsOf(entry: Entry): ClaimedAttributes {
    const file = this.#find(entry);
    if (file === undefined) return entry;
    return { mode: file.mode, modifiedSeconds: file.modifiedSeconds, capabilities: file.capabilities };
  }

  #find(entry: Entry): PackageFile | undefined {
    return entry.fileIndex === undefined ? this.#byName.get(entry.name) : this.#list.files[entry.fileIndex];
  }

  begin(entry: Entry): FileCheck {
    const lie = (because: string) => report(this.#context, because, entry.name);
    const file = this.#find(entry);
    if (file === undefined) {
      lie("is in the payload and not in the header's list of files");
      return new FileCheck(undefined, lie);
    }
    this.#missing.delete(file);
    const isEmptyLink = file.isLinkedLater && entry.sizeBytes === 0;
    const disagreement = disagreementOf(file, entry, isEmptyLink);
    if (disagreement !== undefined) lie(disagreement);
    if (disagreement !== undefined || entry.type !== "file" || isEmptyLink || file.digest === "")
      return new FileCheck(undefined, lie);
    return new FileCheck({ name: this.#list.digestName, value: file.digest }, lie);
  }

  /** A source package may leave out the sources it must not hand on. */
  finish(isBinary: boolean): void {
    if (!isBinary) return;
    for (const { name } of this.#missing) {
      report(this.#context, "is in the header's list of files and not in the payload", name);
      return;
    }
  }
}

/** To act as its owner or group, and to be written by everybody. Nothing signs the payload's own word for it. */
const GRAVE_RIGHTS = 0o6002;

function disagreementOf(file: PackageFile, entry: Entry, isEmptyLink: boolean): string | undefined {
  if (file.isGhost) return "is in the payload, and the header says that it never is";
  if (typeOfMode(file.mode) !== entry.type) return "is of another kind in the header than in the payload";
  // Nobody asks for the rights of a link, and builders write different ones.
  if (entry.type !== "link" && (entry.mode & ~file.mode & GRAVE_RIGHTS) !== 0)
    return "has more rights in the payload than in the header";
  if (entry.type === "link" && file.linkTarget !== entry.linkTarget)
    return "links to another place in the header than in the payload";
  if (entry.type === "file" && file.sizeBytes !== entry.sizeBytes && !isEmptyLink)
    return "has another size in the header than in the payload";
  return undefined;
}

/** Compares a file's content with the digest that the header gives, while it passes by. */
class FileCheck {
  readonly #lie: (because: string) => void;
  readonly #expected: string;
  readonly #hash: Hash | undefined;
  #isWatched = false;
  #isWhole = false;

  constructor(
    digest: { name: string | undefined; value: string } | undefined,
    lie: (because: string) => void,
  ) {
    this.#lie = lie;
    this.#expected = digest?.value ?? "";
    const isKnown = digest?.name !== undefined && getHashes().includes(digest.name);
    this.#hash = isKnown && digest?.name !== undefined ? createHash(digest.name) : undefined;
  }

  async *watch(entry: Entry): AsyncGenerator<Buffer> {
    this.#isWatched = true;
    for await (const piece of entry.content()) {
      this.#hash?.update(piece);
      yield piece;
    }
    this.#isWhole = true;
  }

  /** What was given up half-way has an error of its own. */
  finish(): void {
    if (this.#hash === undefined || !this.#isWatched || !this.#isWhole) return;
    if (this.#hash.digest("hex") !== this.#expected.toLowerCase())
      this.#lie("does not have the digest that the header gives");
  }
}

const isRegular = (mode: number): boolean => (mode & 0o170000) === 0o100000;

function typeOfMode(mode: number): Entry["type"] {
  const bits = mode & 0o170000;
  if (bits === 0o100000) return "file";
  if (bits === 0o040000) return "folder";
  if (bits === 0o120000) return "link";
  return [0o010000, 0o020000, 0o060000, 0o140000].includes(bits) ? "device" : "unknown";
}
