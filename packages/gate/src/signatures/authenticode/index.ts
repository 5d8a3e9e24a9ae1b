/**
 * Authenticode: who signed this program, installer or cabinet, and does the signature cover every byte of it?
 * Sources: Microsoft, Windows Authenticode Portable Executable Signature Format; RFC 2315, RFC 5652, RFC 3161.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { verifyCarried } from "./carried.ts";
import { CARRIERS } from "./carriers.ts";

export const authenticode: SignatureScheme = {
  id: "authenticode",
  question: "Who signed this file, and does the signature cover every byte of it?",
  document: "Microsoft, Windows Authenticode Portable Executable Signature Format",
  formats: Object.keys(CARRIERS),
  verify,
};

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const open = CARRIERS[context.format];
  if (open === undefined) return { signatures: [], findings: [] };
  return verifyCarried(() => open(source, context), context, "authenticode");
}
