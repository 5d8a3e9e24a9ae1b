import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildInstaller } from "./installer.fixture.ts";

export const sample = (): Buffer =>
  buildInstaller({
    files: { "a.txt": SAMPLE_TEXT, "docs\\b.txt": SAMPLE_TEXT.subarray(24) },
    method: "deflate",
  });
