import { defineRegistry } from "@sallyport/core";
import { appx } from "./appx/index.ts";
import { authenticode } from "./authenticode/index.ts";
import { openpgp } from "./openpgp/index.ts";
import type { SignatureScheme } from "./scheme.ts";

export const signatureSchemes = defineRegistry<SignatureScheme>("signature scheme", [
  appx,
  authenticode,
  openpgp,
]);
