import { defineRegistry } from "@sallyport/core";
import type { SignatureScheme } from "./scheme.ts";

export const signatureSchemes = defineRegistry<SignatureScheme>("signature scheme", []);
