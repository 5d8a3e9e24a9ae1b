import { gzipSync } from "node:zlib";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

export const SCRIPT = Buffer.from('#!/bin/sh\ntail -n +4 "$0" | gzip -d\nexit 0\n');

export const sample = (): Buffer => Buffer.concat([SCRIPT, gzipSync(SAMPLE_TEXT)]);
