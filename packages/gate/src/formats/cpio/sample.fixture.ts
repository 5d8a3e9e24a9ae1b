import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildCpio } from "./cpio.fixture.ts";

export const sample = (): Buffer =>
  buildCpio("newc", [
    { name: "folder", mode: 0o40755 },
    { name: "folder/a.txt", bytes: SAMPLE_TEXT },
    { name: "folder/link", mode: 0o120777, bytes: "a.txt" },
    { name: "empty" },
  ]);
