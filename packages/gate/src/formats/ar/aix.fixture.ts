/** Writes AIX's archives, for tests. @module */

export interface AixMember {
  readonly name: string;
  readonly bytes: Buffer | string;
}

/** @param change - of the numbers in the file's header and the chain, before they are written */
export function buildAix(
  members: readonly AixMember[],
  {
    isBig = true,
    table = "",
    next,
  }: { isBig?: boolean; table?: string; next?: (offset: number) => number } = {},
): Buffer {
  const digits = isBig ? 20 : 12;
  const number = (value: number, length = digits) => String(value).padEnd(length);
  const headerBytes = isBig ? 128 : 68;
  const whole = [...members, ...(table === "" ? [] : [{ name: "", bytes: table }])];
  const pieces: Buffer[] = [];
  const offsets: number[] = [];
  let at = headerBytes;
  for (const { name, bytes } of whole) {
    const rawName = Buffer.from(name.padEnd(name.length + (name.length % 2), "\0"));
    const content = Buffer.from(bytes);
    const length = 3 * digits + 48 + 4 + rawName.length + 2 + content.length;
    const following = at + length + (length % 2);
    const fields = [content.length, next?.(following) ?? following, 0].map((value) => number(value)).join("");
    const header = Buffer.from(`${fields}${"0".padEnd(12).repeat(4)}${number(name.length, 4)}`);
    offsets.push(at);
    pieces.push(header, rawName, Buffer.from("`\n"), content, Buffer.alloc(length % 2));
    at = following;
  }
  const tableAt = table === "" ? 0 : (offsets.at(-1) ?? 0);
  const [first = 0] = offsets;
  const last = offsets[members.length - 1] ?? 0;
  const tables = [tableAt, ...Array.from({ length: isBig ? 2 : 1 }, () => 0)];
  const head = [...tables, first, last, 0].map((value) => number(value)).join("");
  return Buffer.concat([Buffer.from(`${isBig ? "<bigaf>" : "<aiaff>"}\n${head}`), ...pieces]);
}
