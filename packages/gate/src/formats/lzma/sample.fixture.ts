/** The sample text, by liblzma 5.4.1: size unknown, an end mark. */
export const sample = (): Buffer =>
  Buffer.from(
    "XQAAgAD//////////wAwiAkGVGNvmFhiFnveRSzvBX1XykcN9MkzMtbsgFEZOnqQrGWYdF273KdIuISTWv44nYOVT+f//3ooAAA=",
    "base64",
  );
