/** A compressed file in which nothing repeats: a byte of eight flags, then eight plain bytes, in turn. @module */

const text = Buffer.from("a harmless line of text\n".repeat(40));

export function sample(): Buffer {
  const header = Buffer.from("SZDD\x88\xf0\x27\x33At\0\0\0\0", "latin1");
  header.writeUInt32LE(text.length, 10);
  const pieces = [header];
  for (let at = 0; at < text.length; at += 8) pieces.push(Buffer.from([0xff]), text.subarray(at, at + 8));
  return Buffer.concat(pieces);
}
