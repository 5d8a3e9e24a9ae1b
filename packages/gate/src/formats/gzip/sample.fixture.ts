import { gzipSync } from "node:zlib";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

export const sample = (): Buffer => gzipSync(SAMPLE_TEXT);
