import { writeMsi } from "../../replica/index.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

export const sample = (): Buffer =>
  writeMsi({
    product: "Sample",
    company: "Example",
    version: "1.0.0",
    folder: "Sample",
    files: [{ name: "a.txt", content: SAMPLE_TEXT }],
  });
