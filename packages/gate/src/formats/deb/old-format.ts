/**
 * The format of packages from before 1995, which dpkg installs to this day: a line with the version, one with the length
 * of the control archive, and then both archives, always gzip. Source: deb-old(5) of dpkg 1.21.
 * @module
 */

import { ArtifactError, type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { Member } from "../format.ts";

const LINES = /^0\.93[0-9]{0,9}\n([0-9]{1,15})\n/;
const LINES_BYTES = 32;

/** The second line keeps texts that begin with a number apart. */
export const isOldPackage = (head: Buffer): boolean => LINES.test(head.toString("latin1", 0, LINES_BYTES));

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed` */
export async function readOldMembers(source: ByteSource): Promise<readonly [control: Member, data: Member]> {
  const head = await readExactly(source, 0, Math.min(LINES_BYTES, source.sizeBytes), "deb: the first lines");
  const [lines, digits] = LINES.exec(head.toString("latin1")) ?? [];
  if (lines === undefined) throw new ArtifactError("artifact.malformed", "deb: the first lines are damaged");
  const start = lines.length;
  const end = start + Number(digits);
  if (end > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "deb: the control archive is cut short");
  return [
    toMember(source, "control.tar.gz", { start, end }),
    toMember(source, "data.tar.gz", { start: end, end: source.sizeBytes }),
  ];
}

function toMember(source: ByteSource, name: string, { start, end }: { start: number; end: number }): Member {
  const range = new RangeSource(source, start, end - start);
  return {
    name,
    claimedBytes: end - start,
    range: { source: range, offsetInParentBytes: start },
    content: () => range.stream(),
    unpackedOn: "unix",
  };
}
