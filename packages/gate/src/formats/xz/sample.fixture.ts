/** The sample text, by `xz` 5.4.1. */
export const sample = (): Buffer =>
  Buffer.from(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4BK/ADZdADCICQZUY2+YWGIWe95FLO8FfVfKRw30yTMy1uyAURk6epCsZZh0Xbvcp0i4hJNa/jidgiZbAAAAAPnrAlzl0FoVAAFSwCUAAAD2yur8scRn+wIAAAAABFla",
    "base64",
  );
