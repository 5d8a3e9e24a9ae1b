/**
 * Debian packages: an ar archive of three members in a fixed order. dpkg reads them one after the other and apt looks
 * them up by name, so what the two would take differently is a lie. Source: deb(5), deb-old(5), dpkg 1.21.
 * @module
 */

import type { ByteSource, Identifier } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { debIdentifier } from "../../components/distribution-package/deb-name.ts";
import { toMember } from "../ar/index.ts";
import { type ArMember, walkMembers } from "../ar/members.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { readIdentity } from "./control.ts";
import { isOldPackage, readOldMembers } from "./old-format.ts";
import { hasNamedCompression, Order } from "./order.ts";

const MARK = "!<arch>\ndebian-binary";

export const deb: Format = {
  id: "deb",
  title: "Debian package",
  document: "deb(5), deb-old(5), deb-control(5) of dpkg 1.21",
  recognise: ({ head }: Glimpse) => isCurrent(head) || isOldPackage(head),
  open: openDeb,
};

const isCurrent = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(0, MARK.length)).toString("latin1") === MARK;

async function* openDeb(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const lie = (because: string, facts: { offsetBytes?: number; lengthBytes?: number } = {}) =>
    context.report({ check: "structure", outcome: "fail", because, facts });
  if (!isCurrent(await source.read(0, MARK.length))) return yield* openOld(source, context, lie);
  const order = new Order(lie);
  for await (const found of walkMembers(source, { ...context, lie })) {
    const name = found.name;
    const role = order.next(found);
    const member = toMember(source, found, name);
    if (role === "version") await judgeVersion(source, found, lie);
    if (role === "control" || role === "data") await judgeCompression(member, lie);
    if (role === "control") await claim(member, context);
    if (role !== "version") yield { ...member, unpackedOn: "unix" };
  }
  order.finish();
}

async function* openOld(
  source: ByteSource,
  context: OpenContext,
  lie: (because: string) => void,
): AsyncGenerator<Member> {
  const members = await readOldMembers(source);
  await claim(members[0], context);
  for (const member of members) {
    context.budget.checkTime();
    await judgeCompression(member, lie);
    yield member;
  }
}

/** deb(5): the first line is the version; a new minor one changes nothing that an old reader must know. */
async function judgeVersion(
  source: ByteSource,
  { offset, sizeBytes }: ArMember,
  lie: (because: string) => void,
): Promise<void> {
  const text = Buffer.from(await source.read(offset, Math.min(sizeBytes, 32))).toString("latin1");
  if (sizeBytes > 32 || !/^2\.[0-9]{1,9}\n$/.test(text))
    lie("does not state the version 2 of the format and nothing else");
}

/** dpkg takes the program from the name, other readers look at the content. */
async function judgeCompression(member: Member, lie: (because: string) => void): Promise<void> {
  const head = Buffer.from((await member.range?.source.read(0, 512)) ?? []);
  if (!hasNamedCompression(member.name, head))
    lie(`has a member ${member.name} that is not compressed as its name says`);
}

async function claim(member: Member, context: OpenContext): Promise<void> {
  const identity = await readIdentity(member, context);
  if (identity !== undefined) context.claimIdentity(identity, debianIdentifiers(identity));
}

const debianIdentifiers = ({ product, version, architecture }: Identity): Identifier[] =>
  product === undefined || version === undefined
    ? []
    : [debIdentifier({ name: product, version, ...(architecture !== undefined && { architecture }) })];
