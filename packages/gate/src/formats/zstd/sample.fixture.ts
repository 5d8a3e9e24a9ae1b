import { zstdCompressSync } from "node:zlib";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

export const sample = (): Buffer => zstdCompressSync(SAMPLE_TEXT);
