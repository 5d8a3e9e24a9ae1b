/** Archives made header by header, decent and lying ones, and how the tests beside it read them. @module */

import { walkStream } from "../stream-walk.fixture.ts";
import { tar } from "./index.ts";

export interface Part {
  readonly name?: string;
  readonly type?: string;
  readonly text?: string;
  /** The size field as it stands, when it is to differ from the text's. */
  readonly size?: Buffer | string;
  readonly linkTarget?: string;
  readonly magic?: string;
}

/** One header and its content. */
export function block({
  name = "a.txt",
  type = "0",
  text = "",
  size,
  linkTarget = "",
  magic = "ustar\x0000",
}: Part): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\x000000000\x000000000\0", 100, "latin1");
  const field = size ?? `${content.length.toString(8).padStart(11, "0")}\0`;
  header.set(typeof field === "string" ? Buffer.from(field, "latin1") : field, 124);
  header.write(`00000000000\0        ${type}`, 136, "latin1");
  header.write(linkTarget, 157, 100);
  header.write(magic, 257, "latin1");
  return sealed(header, content);
}

export function sealed(header: Buffer, content: Buffer): Buffer {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export const END = Buffer.alloc(1024);
export const archive = (...parts: Part[]) => Buffer.concat([...parts.map(block), END]);

export function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + 2).length;
  return `${length}${rest}`;
}

export const decent = archive(
  { name: "app/", type: "5" },
  { name: "app/a.txt", text: "first ".repeat(200) },
  { name: "app/b.txt", text: "second" },
  { name: "app/c.txt", type: "2", linkTarget: "a.txt" },
  { name: "app/d.txt", type: "1", linkTarget: "app/b.txt" },
  { name: "app/empty" },
);
export const DECENT = [
  { name: "app/a.txt", text: "first ".repeat(200) },
  { name: "app/b.txt", text: "second" },
  { name: "app/c.txt", text: "a.txt" },
  { name: "app/d.txt", text: "app/b.txt" },
  { name: "app/empty", text: "" },
];

export async function walk(bytes: Buffer, options?: Parameters<typeof walkStream>[2]) {
  const { members, ...rest } = await walkStream(tar, bytes, options);
  return { ...rest, members: members.map(({ name, bytes }) => ({ name, text: bytes.toString() })) };
}
