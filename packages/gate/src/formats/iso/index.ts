/**
 * Optical discs. ECMA-119 with Rock Ridge and Joliet is read here, so that the trees can be compared; UDF and HFS+ by 7-Zip.
 * Sources: ECMA-119; Joliet Specification 1995; IEEE P1281 and P1282; El Torito 1.0; ECMA-167, OSTA UDF 2.60.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, RangeSource } from "@sallyport/core";
import { judgeMemberName } from "../../member-name.ts";
import { type Format, type Glimpse, HEAD_BYTES, type Member, type OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { isHfsVolume } from "../hfs/index.ts";
import { type Descriptors, readDescriptors } from "./descriptors.ts";
import { type Hidden, readBootImages, readPartitions } from "./hidden.ts";
import { isDisc } from "./mark.ts";
import { findDifference, HFS, isNoteOnly, type OtherTree, openOther, UDF } from "./other-tree.ts";
import { type DiscFile, readTree, type TreeContext } from "./tree.ts";
import { compareTrees, findOtherName } from "./views.ts";

export const iso: Format = {
  id: "iso",
  title: "Disc image (ISO 9660, Joliet, Rock Ridge, UDF)",
  document: "ECMA-119, Joliet 1995, IEEE P1282, ECMA-167",
  recognise: ({ head }: Glimpse) => isDisc(head),
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const told = new Set<string>();
  const lies = (because: string): void => {
    if (!told.has(because)) context.report({ check: "structure", outcome: "fail", because, facts: {} });
    told.add(because);
  };
  const descriptors = await readDescriptors(source, lies);
  const files = await readFiles(source, descriptors, { context, lies });
  const isOnlyNote = descriptors.hasUdf && isNoteOnly(files);
  judgeNames(files, context);
  for (const file of files) yield* membersOf(source, file, context);
  const hidden = await findHidden(source, descriptors, files);
  for (const extra of hidden) yield rangeMember(source, extra);
  if (descriptors.primary !== undefined)
    await reportTail(source, { context, lies }, endOf(descriptors.primary.sizeBytes, hidden));
  if (descriptors.hasUdf && isOnlyNote) yield* openOther(source, context, UDF);
  else if (descriptors.hasUdf) yield* openDifferent(source, files, { context, lies, tree: UDF });
  if (isHfsVolume(asBuffer(await source.read(0, HEAD_BYTES))))
    yield* openDifferent(source, files, { context, lies, tree: HFS });
}

/** Another tree over the same files is no news; one over others is, and both are looked at. */
async function* openDifferent(
  source: ByteSource,
  files: readonly DiscFile[],
  { context, lies, tree }: TreeContext & { readonly tree: OtherTree },
): AsyncGenerator<Member> {
  const difference = await findDifference(source, files, { context, tree });
  if (difference === undefined) return;
  lies(`two readers see different files: ${difference}`);
  yield* openOther(source, context, tree);
}

/** The tree with the best names; the others must tell of the same files. */
async function readFiles(
  source: ByteSource,
  { primary, joliet }: Descriptors,
  tree: TreeContext,
): Promise<readonly DiscFile[]> {
  if (primary === undefined) return [];
  const files = await readTree(source, primary, tree);
  const other = findOtherName(files);
  if (other !== undefined)
    tree.lies(`“${other.name}” is “${other.plainName}” for readers that do not know Rock Ridge`);
  if (joliet === undefined) return files;
  const jolietFiles = await readTree(source, joliet, tree);
  const difference = compareTrees(files, jolietFiles);
  if (difference !== undefined) tree.lies(`two readers see different files: ${difference}`);
  const hasUnixNames = files.some(({ name, plainName }) => !name.endsWith(plainName));
  if (difference === undefined) return hasUnixNames ? files : jolietFiles;
  return [...files, ...jolietFiles.map((file) => ({ ...file, name: `Joliet/${file.name}` }))];
}

function judgeNames(files: readonly DiscFile[], context: OpenContext): void {
  const seen = new Set<string>();
  for (const { name, kind } of files) {
    const problem = judgeMemberName(name);
    // A disc is mounted: what only Windows minds is not its fault.
    if (problem?.escapes === true || problem?.because.includes("control") === true)
      context.report({
        check: "member-names",
        outcome: "fail",
        because: `name ${problem.because}`,
        facts: { escapes: problem.escapes },
        member: name,
      });
    if (seen.has(name) && kind === "file")
      context.report({
        check: "structure",
        outcome: "fail",
        because: "is there twice",
        facts: {},
        member: name,
      });
    seen.add(name);
  }
}

function* membersOf(source: ByteSource, file: DiscFile, context: OpenContext): Generator<Member> {
  const { name, extents, sizeBytes, kind } = file;
  if (kind === "link" || kind === "special") {
    context.budget.spendEntry();
    return;
  }
  const [only] = extents;
  const isWhole = extents.every((extent) => extent.offset + extent.sizeBytes <= source.sizeBytes);
  if (kind === "file" && extents.length === 1 && only !== undefined && isWhole)
    yield rangeMember(source, { name, ...only });
  else yield { name, claimedBytes: sizeBytes, content: () => readExtents(source, file) };
}

function rangeMember(source: ByteSource, { name, offset, sizeBytes }: Hidden): Member {
  // An empty file's place may be anywhere.
  const range = new RangeSource(source, sizeBytes === 0 ? 0 : offset, sizeBytes);
  return {
    name,
    claimedBytes: sizeBytes,
    range: { source: range, offsetInParentBytes: offset },
    content: () => range.stream(),
  };
}

async function* readExtents(source: ByteSource, { extents, kind }: DiscFile): AsyncGenerator<Uint8Array> {
  if (kind === "packed")
    throw new ArtifactError(
      "artifact.unsupported",
      "it is packed with zisofs, which Linux unpacks while it reads",
    );
  if (kind === "interleaved") throw new ArtifactError("artifact.unsupported", "its blocks are interleaved");
  for (const { offset, sizeBytes } of extents) yield* new RangeSource(source, offset, sizeBytes).stream();
}

async function findHidden(
  source: ByteSource,
  { bootCatalogue }: Descriptors,
  files: readonly DiscFile[],
): Promise<Hidden[]> {
  const known = new Set(files.flatMap(({ extents }) => extents.map(({ offset }) => offset)));
  const images = bootCatalogue === undefined ? [] : await readBootImages(source, bootCatalogue, known);
  for (const { offset } of images) known.add(offset);
  return [...images, ...(await readPartitions(source, known))];
}

const endOf = (volumeBytes: number, hidden: readonly Hidden[]): number =>
  hidden.reduce(
    (end, { offset, sizeBytes }) => (offset <= end ? Math.max(end, offset + sizeBytes) : end),
    volumeBytes,
  );

/** Makers fill up with zeros; what else stands behind a volume is no part of it. */
async function reportTail(
  source: ByteSource,
  { context, lies }: TreeContext,
  endBytes: number,
): Promise<void> {
  if (endBytes > source.sizeBytes) {
    const because = "it is cut short: its volume is larger than the file";
    context.report({
      check: "opened",
      outcome: "unknown",
      because,
      facts: { code: "artifact.truncated", limit: "" },
    });
    return;
  }
  const tail = new RangeSource(source, endBytes, source.sizeBytes - endBytes);
  const rest = await judgeRest(new FrontReader(tail.stream()), () => context.budget.checkTime());
  if (!rest.isZero) lies(`has ${rest.lengthBytes} bytes after its end`);
}
