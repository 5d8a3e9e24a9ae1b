import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { sample as xzOfText } from "../xz/sample.fixture.ts";
import { buildPbzx } from "./pbzx.fixture.ts";

/** A whole piece packed by xz, and a shorter one as it is. */
export const sample = (): Buffer => {
  const sizeBytes = Buffer.byteLength(SAMPLE_TEXT);
  const rest = Buffer.from("the rest");
  return buildPbzx(sizeBytes, [
    { packed: xzOfText(), sizeBytes },
    { packed: rest, sizeBytes: rest.length },
  ]);
};
