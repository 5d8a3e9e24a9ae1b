import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

/** One file, POSIX.1-1988 ustar. */
export function sample(): Buffer {
  const header = Buffer.alloc(512);
  header.write("a.txt", 0);
  header.write("0000644\x000000000\x000000000\0", 100);
  header.write(`${SAMPLE_TEXT.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0        0", 136);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (SAMPLE_TEXT.length % 512)) % 512);
  return Buffer.concat([header, SAMPLE_TEXT, padding, Buffer.alloc(1024)]);
}
