/** A SEQUENCE that stands for the PKCS#7 message, as sign-file of Linux appends one. */
export function sample(): Buffer {
  const message = Buffer.concat([Buffer.from("30820100", "hex"), Buffer.alloc(256, 5)]);
  const descriptor = Buffer.alloc(12);
  descriptor.writeUInt8(2, 2);
  descriptor.writeUInt32BE(message.length, 8);
  return Buffer.concat([message, descriptor, Buffer.from("~Module signature appended~\n")]);
}
