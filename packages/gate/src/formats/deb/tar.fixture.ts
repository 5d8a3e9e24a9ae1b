/** A plain tar for the inside of packages: POSIX.1-1988 ustar, files only. @module */

export interface TarFile {
  readonly name: string;
  readonly bytes: Buffer | string;
}

export const writeTar = (files: readonly TarFile[]): Buffer =>
  Buffer.concat([...files.map(writeFile), Buffer.alloc(1024)]);

function writeFile({ name, bytes }: TarFile): Buffer {
  const content = Buffer.from(bytes);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\x000000000\x000000000\0", 100, "latin1");
  header.write(`${content.length.toString(8).padStart(11, "0")}\x0000000000000\0        0`, 124, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
