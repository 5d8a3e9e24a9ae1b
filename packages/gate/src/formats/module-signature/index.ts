/**
 * What the Linux build appends to a kernel module: a PKCS#7 signature over the module, a descriptor of 12 bytes, a mark.
 * It is recognised here so that it does not pass for hidden content; the key it was made with lies in the kernel.
 * Source: Linux, include/linux/module_signature.h and Documentation/admin-guide/module-signing.rst.
 * @module
 */

import type { Format, Glimpse } from "../format.ts";

const MARK = "~Module signature appended~\n";
const DESCRIPTOR_BYTES = 12;
/** `PKEY_ID_PKCS7`, the only kind since Linux 4.3. */
const PKCS7 = 2;

export const moduleSignature: Format = {
  id: "module-signature",
  title: "Linux kernel module signature",
  document: "Linux, include/linux/module_signature.h",
  recognise: ({ head, tail, sizeBytes }: Glimpse) => {
    const markAt = tail.length - MARK.length;
    const descriptorAt = markAt - DESCRIPTOR_BYTES;
    if (descriptorAt < 0 || tail.toString("latin1", markAt) !== MARK) return false;
    const signatureBytes = tail.readUInt32BE(descriptorAt + 8);
    // The fields that PKCS#7 does not use are zero: algorithm, hash, two lengths, three bytes of padding.
    const isPlain = [0, 1, 3, 4, 5, 6, 7].every((at) => tail[descriptorAt + at] === 0);
    return (
      isPlain &&
      tail[descriptorAt + 2] === PKCS7 &&
      signatureBytes + DESCRIPTOR_BYTES + MARK.length === sizeBytes &&
      isWholeSequence(head, signatureBytes)
    );
  },
};

/** One DER SEQUENCE with a two-byte length, and nothing behind it: signatures are some hundred bytes long. */
const isWholeSequence = (head: Buffer, sizeBytes: number): boolean =>
  head.length >= 4 && head.readUInt16BE(0) === 0x3082 && head.readUInt16BE(2) + 4 === sizeBytes;
