import { defineRegistry } from "@sallyport/core";
import { apk } from "./apk/index.ts";
import { appleCode } from "./apple-code/index.ts";
import { appx } from "./appx/index.ts";
import { apt } from "./apt/index.ts";
import { authenticode } from "./authenticode/index.ts";
import { catalog } from "./catalog/index.ts";
import { clickonce } from "./clickonce/index.ts";
import { debsig } from "./debsig/index.ts";
import { jar } from "./jar/index.ts";
import { minisign } from "./minisign/index.ts";
import { nuget } from "./nuget/index.ts";
import { opc } from "./opc/index.ts";
import { openpgp } from "./openpgp/index.ts";
import { rpmSignature } from "./rpm/index.ts";
import type { SignatureScheme } from "./scheme.ts";
import { sigstore } from "./sigstore/index.ts";
import { xarSignature } from "./xar/index.ts";

export const signatureSchemes = defineRegistry<SignatureScheme>("signature scheme", [
  apk,
  appleCode,
  appx,
  apt,
  authenticode,
  catalog,
  clickonce,
  debsig,
  jar,
  minisign,
  nuget,
  opc,
  openpgp,
  rpmSignature,
  sigstore,
  xarSignature,
]);
