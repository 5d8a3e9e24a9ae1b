import { defineRegistry } from "@sallyport/core";
import { authenticode } from "./authenticode/index.ts";
import { certificateTable } from "./certificate-table/index.ts";
import type { Check } from "./check.ts";
import { weakDigest } from "./weak-digest/index.ts";

export const checks = defineRegistry<Check>("check", [certificateTable, authenticode, weakDigest]);
