/** Files of bzip2 1.0.8, for the tests beside it. @module */

export const TEXT = "what a bzip2 file holds, what a bzip2 file holds, twice\n";
/** Made from the text above by `bzip2 -9` 1.0.8; so are the two below. */
export const whole = Buffer.from(
  "QlpoOTFBWSZTWbG2W0cAABpZgAAQQAQQAD9kzJAgAFREDEMmTAVVPU0aaDTamlpVVUVSlZdD3C8KPkIlllwshlhsIiQoXckU4UJCxtltHA==",
  "base64",
);
/** 300 zeros. */
export const zeros = Buffer.from("QlpoOTFBWSZTWUvxLK0AAADQAMAAACAACCAAISZBmKgOLuSKcKEgl+JZWg==", "base64");
/** Nothing. */
export const empty = Buffer.from("QlpoORdyRThQkAAAAAA=", "base64");
/** 6,000,000 zeros. */
export const bomb = Buffer.from(
  "QlpoOTFBWSZTWQMX4uIALfTBAMAAAgAACCAAMMwJqmmUgRbVJAi8XckU4UJADF+LiA==",
  "base64",
);
