/** The sample text, by `lzip -9` 1.23. */
export const sample = (): Buffer =>
  Buffer.from(
    "TFpJUAHNADCICQZUY2+YWGIWe95FLO8FfVfKRw30yTMy1uyAURk6epCsZZh0Xbvcp0i4hJNa/jidg5VP5///eigAADPmjObAEgAAAAAAAFcAAAAAAAAA",
    "base64",
  );
