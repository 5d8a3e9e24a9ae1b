import { defineRegistry } from "@sallyport/core";
import type { Check } from "./check.ts";

export const checks = defineRegistry<Check>("check", []);
