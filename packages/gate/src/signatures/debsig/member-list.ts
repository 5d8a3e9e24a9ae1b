/** The list that dpkg-sig signs: of each member its MD5, SHA-1, size and name. Source: dpkg-sig 0.13, "Format". @module */

import { createHash } from "node:crypto";
import { type ByteSource, RangeSource } from "@sallyport/core";
import type { ArMember } from "../../formats/ar/members.ts";
import type { VerifyContext } from "../scheme.ts";

interface Place {
  readonly source: ByteSource;
  /** What dpkg reads. */
  readonly covered: readonly ArMember[];
  readonly context: Pick<VerifyContext, "budget">;
}

const LINE = /^[ \t]+([0-9a-f]{32})[ \t]+([0-9a-f]{40})[ \t]+([0-9]{1,10})[ \t]+(\S+)$/;

/** @returns what is wrong with the list; undefined when it describes every member that dpkg reads, and rightly */
export async function compareList(
  text: Buffer,
  { source, covered, context }: Place,
): Promise<string | undefined> {
  const listed = new Map<string, { md5: string; sha1: string; sizeBytes: number }>();
  const lines = text.toString("utf8").split("\n");
  const start = lines.findIndex((line) => /^Files:[ \t]*$/.test(line));
  if (start < 0) return "the signed text lists no members";
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === "") continue;
    const [, md5, sha1, size, name] = LINE.exec(line) ?? [];
    if (md5 === undefined || sha1 === undefined || name === undefined)
      return "the signed text is no list of members from there to its end";
    if (listed.has(name)) return `the signed list has the member ${name} twice`;
    listed.set(name, { md5, sha1, sizeBytes: Number(size) });
  }
  for (const member of covered) {
    const expected = listed.get(member.name);
    if (expected === undefined) return `the signed list does not have the member ${member.name}`;
    const found = await digest(source, member, context);
    const isRight =
      expected.sizeBytes === member.sizeBytes && expected.md5 === found.md5 && expected.sha1 === found.sha1;
    if (!isRight) return `the member ${member.name} is not the one that the signed list describes`;
  }
  return covered.length === 0 ? "there is no member that the list could be of" : undefined;
}

async function digest(
  source: ByteSource,
  { offset, sizeBytes }: ArMember,
  { budget }: Place["context"],
): Promise<{ md5: string; sha1: string }> {
  const [md5, sha1] = [createHash("md5"), createHash("sha1")];
  for await (const piece of new RangeSource(source, offset, sizeBytes).stream()) {
    budget.checkTime();
    md5.update(piece);
    sha1.update(piece);
  }
  return { md5: md5.digest("hex"), sha1: sha1.digest("hex") };
}
