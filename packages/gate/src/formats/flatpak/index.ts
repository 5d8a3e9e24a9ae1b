/**
 * Flatpak bundles. The tree of files is put together from the delta's objects; each must have the checksum that is its name.
 * Sources: OSTree, "Static deltas" and ostree-core.h; Flatpak, flatpak-bundle-ref.c; GLib, GVariant Specification.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { judgeMemberName } from "../../member-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { type DeltaObject, readPart } from "./part.ts";
import { COMMIT, FILE, readSuperblock, type Superblock } from "./superblock.ts";
import { nameFiles } from "./tree.ts";

/** The first key of its metadata. */
const MARK = Buffer.from("flatpak\0");

export const flatpak: Format = {
  id: "flatpak",
  title: "Flatpak bundle",
  document: "OSTree, ostree-repo-static-delta-private.h; GVariant Specification 1.0",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const superblock = await readSuperblock(source, context);
  context.claimIdentity(identityOf(superblock));
  if (superblock.absent > 0)
    reportAbsent(context, `${superblock.absent} of its files must be fetched elsewhere`);
  const paths = await nameFiles(readTables(source, superblock, context), superblock, context);
  for (const names of paths.values()) for (const name of names) judge(name, context);
  for (const part of superblock.parts)
    for (const object of await readPart(source, part, context)) {
      if (!object.isHonest) reportLie(object, context);
      if (object.kind === FILE) yield* membersOf(object, paths.get(object.checksum), context);
      paths.delete(object.checksum);
    }
  if (paths.size > 0) reportAbsent(context, `${paths.size} of the files that it names are not inside`);
}

/** Everything but the files, which may stand in any part. */
async function* readTables(
  source: ByteSource,
  { parts }: Superblock,
  context: OpenContext,
): AsyncGenerator<DeltaObject> {
  for (const part of parts) {
    if (part.objects.every(({ kind }) => kind === FILE || kind === COMMIT)) continue;
    for (const object of await readPart(source, part, context)) if (object.kind !== FILE) yield object;
  }
}

function* membersOf(
  object: DeltaObject,
  names: readonly string[] | undefined,
  context: OpenContext,
): Generator<Member> {
  const { bytes, isLink, checksum } = object;
  for (const name of names ?? [`without a name/${checksum}`]) {
    if (isLink) context.budget.spendEntry();
    else yield { name, claimedBytes: bytes.length, content: () => piecesOf(bytes) };
  }
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** `app/org.example.Demo/x86_64/stable`, a claim. */
function identityOf({ texts }: Superblock): Identity {
  const [, product, architecture, branch] = (texts.get("ref") ?? "").split("/");
  return {
    ...(product !== undefined && product !== "" && { product }),
    ...(branch !== undefined && branch !== "" && { version: branch }),
    ...(architecture !== undefined &&
      architecture !== "" && { architecture: ARCHITECTURES.get(architecture) ?? architecture }),
  };
}

const ARCHITECTURES = new Map([
  ["x86_64", "x64"],
  ["i386", "x86"],
  ["aarch64", "arm64"],
]);

/** An application is mounted, not unpacked by its names. */
function judge(name: string, context: OpenContext): void {
  const problem = judgeMemberName(name);
  if (problem === undefined || (!problem.escapes && !problem.because.includes("control"))) return;
  const because = `name ${problem.because}`;
  context.report({
    check: "member-names",
    outcome: "fail",
    because,
    facts: { escapes: problem.escapes },
    member: name,
  });
}

function reportAbsent(context: OpenContext, because: string): void {
  context.report({
    check: "opened",
    outcome: "unknown",
    because,
    facts: { code: "artifact.unsupported", limit: "" },
  });
}

function reportLie({ checksum }: DeltaObject, context: OpenContext): void {
  const because = `an object does not have the checksum that is its name: ${checksum.slice(0, 12)}…`;
  context.report({ check: "structure", outcome: "fail", because, facts: { checksum } });
}
