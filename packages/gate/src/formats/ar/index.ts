/**
 * ar archives: static libraries of Unix and Windows, and whatever else people keep in them. A Debian package is one
 * as well, with rules of its own: see `deb`. Sources: ar(5) of FreeBSD 14, GNU binutils, Microsoft PE Format.
 * @module
 */

import { ArtifactError, type ByteSource, RangeSource } from "@sallyport/core";
import { judgeMemberName, nameFinding } from "../../member-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { isAix, walkAixMembers } from "./aix.ts";
import { MAGIC, MAGIC_BYTES, THIN_MAGIC } from "./header.ts";
import { type ArMember, walkMembers } from "./members.ts";

export const ar: Format = {
  id: "ar",
  title: "ar archive",
  document: "ar(5) of FreeBSD 14, GNU binutils, Microsoft PE Format, AIX 7.3 ar File Format",
  recognise: ({ head }: Glimpse) => {
    const magic = head.toString("latin1", 0, MAGIC_BYTES);
    return (
      magic === THIN_MAGIC ||
      isAix(magic) ||
      (magic === MAGIC && head.toString("latin1", 8, 21) !== "debian-binary")
    );
  },
  open: openAr,
};

async function* openAr(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  let isLibrary = false;
  let indexes = 0;
  const lie = (because: string, facts: { offsetBytes: number; lengthBytes: number }) =>
    context.report({ check: "structure", outcome: "fail", because, facts });
  const magic = Buffer.from(await source.read(0, MAGIC_BYTES)).toString("latin1");
  const walk = isAix(magic) ? walkAixMembers : walkMembers;
  for await (const member of walk(source, { ...context, lie })) {
    isLibrary ||= member.kind === "symbols";
    if (member.kind === "symbols") indexes += 1;
    const name = shownName(member, { isLibrary, indexes });
    judgeName(name, context);
    yield toMember(source, member, name);
  }
}

/**
 * What has an index is read by linkers, in place: its names are labels, and Microsoft's tools write the whole path of
 * each object file there. Only their last part is shown, which is what ar(1) extracts to.
 */
function shownName(
  { name, kind }: ArMember,
  { isLibrary, indexes }: { isLibrary: boolean; indexes: number },
): string {
  if (kind === "names") return "long-names";
  if (kind === "symbols") return indexes === 1 ? "symbols" : `symbols-${indexes}`;
  return isLibrary ? name.replace(/^.*[\\/]/s, "") : name;
}

function judgeName(name: string, context: OpenContext): void {
  const problem = judgeMemberName(name);
  if (problem !== undefined) context.report(nameFinding(problem, name));
}

/** A member as it lies in the archive; also what a Debian package's members are. */
export function toMember(source: ByteSource, member: ArMember, name: string): Member {
  if (member.isElsewhere) return { name, claimedBytes: member.sizeBytes, content: refuseThin };
  const range = new RangeSource(source, member.offset, member.sizeBytes);
  return {
    name,
    claimedBytes: member.sizeBytes,
    range: { source: range, offsetInParentBytes: member.offset },
    content: () => range.stream(),
  };
}

// biome-ignore lint/correctness/useYield: what it has to say is the error.
async function* refuseThin(): AsyncGenerator<Uint8Array> {
  throw new ArtifactError(
    "artifact.unsupported",
    "ar: a thin archive only names this file, which lies elsewhere",
  );
}
