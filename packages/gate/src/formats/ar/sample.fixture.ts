import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildAr } from "./ar.fixture.ts";

/** A short name, a GNU long name and a BSD one. */
export const sample = (): Buffer =>
  buildAr([
    { name: "//", bytes: "a-name-that-is-too-long-for-the-field.txt/\n" },
    { name: "a.txt/", bytes: SAMPLE_TEXT },
    { name: "/0", bytes: "odd" },
    { name: "#1/8", bytes: "b.txt\0\0\0content" },
  ]);
