/**
 * tar archives, read from front to back. Extensions of POSIX and GNU are followed; where readers are known to
 * understand an archive differently, that is reported. Sources: POSIX.1-2024 pax, GNU tar manual.
 * @module
 */

import { ArtifactError, hasCode } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { attributesOf, linkMember } from "../member-attributes.ts";
import { type Entry, paddingBytes, readEntry } from "./entry.ts";
import { BLOCK_BYTES, hasNumberFields, hasUstarMagic, hasValidChecksum } from "./header.ts";
import { isFolder, Names, report } from "./names.ts";
import { fillHoles, judgeMap, type SparseMap } from "./sparse.ts";
import { DAMAGED, readMapInFront } from "./sparse-pax.ts";

export const tar: Format = {
  id: "tar",
  title: "tar archive",
  document: "POSIX.1-2024 pax, GNU tar manual",
  recognise: ({ head }: Glimpse) =>
    head.length >= BLOCK_BYTES && (hasUstarMagic(head) || isOldHeader(head.subarray(0, BLOCK_BYTES))),
  openStream: openTar,
};

const isOldHeader = (block: Buffer): boolean =>
  block[0] !== 0 && hasNumberFields(block) && hasValidChecksum(block);

async function* openTar(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  const names = new Names(context);
  for (;;) {
    const entry = await readEntry(reader, context.budget);
    if (entry === undefined) break;
    for (const because of entry.lies) report(context, because, entry.name);
    names.judge(entry);
    const content = new Content(reader, entry, context);
    await content.prepare();
    const isExamined = examine(entry, context);
    if (isLink(entry)) yield content.link();
    else if (isExamined) yield content.member();
    else context.budget.spendEntry();
    await content.finish();
  }
  const offsetBytes = reader.offsetBytes;
  const { lengthBytes, isZero } = await judgeRest(reader, () => context.budget.checkTime());
  if (!isZero)
    report(context, `has ${lengthBytes} bytes after its end that are not all zero`, undefined, {
      offsetBytes,
      lengthBytes,
    });
}

const isLink = ({ type, linkTarget }: Entry): boolean => (type === "1" || type === "2") && linkTarget !== "";

/** Reports what is no file; @returns whether there is content to look at */
function examine(entry: Entry, context: OpenContext): boolean {
  const { type, name, sizeBytes } = entry;
  if (type === "3" || type === "4" || type === "6") reportDevice(context, name);
  // POSIX, GNU tar and others skip different amounts then.
  if (("123456".includes(type) || isFolder(entry)) && type !== "D" && sizeBytes > 0)
    report(context, "has content that its kind of member cannot have", name);
  if (type === "V" || type === "D" || isFolder(entry)) return sizeBytes > 0;
  if ("12346".includes(type)) return false;
  if (!"07SM".includes(type)) report(context, "is of a kind that readers do not agree on", name, { type });
  return true;
}

/** The bytes of one member, to be read once and to the end before the next header. */
class Content {
  readonly #reader: FrontReader;
  readonly #entry: Entry;
  readonly #context: OpenContext;
  #missingBytes: number;
  #sparse: SparseMap | ArtifactError | undefined;

  constructor(reader: FrontReader, entry: Entry, context: OpenContext) {
    this.#reader = reader;
    this.#entry = entry;
    this.#context = context;
    // GNU tar: a hard link has no bytes, whatever its header says.
    this.#missingBytes = entry.type === "1" ? 0 : entry.sizeBytes;
  }

  member(): Member {
    const { name, sizeBytes, claims } = this.#entry;
    const known = this.#context.memberNames?.get(name) ?? name;
    const claimedBytes = this.#entry.sparse?.realBytes ?? sizeBytes;
    return { name: known, claimedBytes, ...attributesOf(claims), content: () => this.#read() };
  }

  link(): Member {
    const { name, linkTarget, claims } = this.#entry;
    return linkMember(this.#context.memberNames?.get(name) ?? name, linkTarget, claims);
  }

  /** Looks at a sparse map whether or not anybody reads the member. */
  async prepare(): Promise<void> {
    const { sparse, name } = this.#entry;
    if (sparse === undefined) return;
    const lie = (because: string) => report(this.#context, because, name);
    try {
      const pieces = sparse.pieces ?? (await readMapInFront(() => this.#nextBlock(), lie));
      this.#sparse = judgeMap({ ...sparse, pieces }, this.#missingBytes, lie);
    } catch (error) {
      if (!hasCode(error, "artifact.malformed")) throw error;
      lie(DAMAGED);
    }
    this.#sparse ??= new ArtifactError("artifact.malformed", "tar: a sparse map is damaged");
  }

  /** Skips what was not read, and the padding. */
  async finish(): Promise<void> {
    while (this.#missingBytes > 0) await this.#next();
    const padding = this.#entry.type === "1" ? 0 : paddingBytes(this.#entry.sizeBytes);
    await this.#reader.exactly(padding, "tar: the padding of a member");
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    if (this.#sparse instanceof ArtifactError) throw this.#sparse;
    if (this.#sparse !== undefined)
      yield* fillHoles(this.#sparse, (most) => this.#next(most), this.#context.budget);
    else if ("SM".includes(this.#entry.type))
      throw new ArtifactError(
        "artifact.unsupported",
        "tar: multi-volume members, and sparse ones of star, are not supported",
      );
    else while (this.#missingBytes > 0) yield await this.#next();
  }

  async #nextBlock(): Promise<Buffer> {
    if (this.#missingBytes < BLOCK_BYTES)
      throw new ArtifactError("artifact.malformed", "tar: a sparse map is damaged");
    const block = await this.#reader.exactly(BLOCK_BYTES, "tar: a member");
    this.#missingBytes -= BLOCK_BYTES;
    this.#context.budget.spendBytes(BLOCK_BYTES);
    return block;
  }

  async #next(most = this.#missingBytes): Promise<Buffer> {
    const piece = await this.#reader.piece(Math.min(most, this.#missingBytes));
    if (piece === undefined) throw new ArtifactError("artifact.truncated", "tar: a member is cut short");
    this.#missingBytes -= piece.length;
    this.#context.budget.spendBytes(piece.length);
    return piece;
  }
}

function reportDevice(context: OpenContext, member: string): void {
  context.report({
    check: "member-names",
    outcome: "fail",
    because: "is a device or pipe, which unpacking would create",
    facts: { escapes: false },
    member,
  });
}
