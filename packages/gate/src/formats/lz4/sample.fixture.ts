/** The sample text, by `lz4 -9` 1.9.4: one block, a checksum of the content. */
export const sample = (): Buffer =>
  Buffer.from(
    "BCJNGGRApzUAAAD/CWEgaGFybWxlc3MgbGluZSBvZiB0ZXh0ChgA////////////////////////olB0ZXh0CgAAAADUBlCQ",
    "base64",
  );
