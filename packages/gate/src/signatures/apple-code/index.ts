/**
 * Apple code signatures: does every CodeDirectory cover this program, and who signed it?
 * Sources: Apple, TN3126 "Inside Code Signing: Hashes"; xnu, osfmk/kern/cs_blobs.h; RFC 5652, RFC 3161.
 * @module
 */

import { ArtifactError, type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import { outcomeOf } from "../../code-signing/reading.ts";
import { isFat, isInFile, readFat } from "../../formats/mach-o/fat.ts";
import { readMark } from "../../formats/mach-o/headers.ts";
import { sliceName } from "../../formats/mach-o/processors.ts";
import type { SignatureReport, SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { judgeCode } from "./judgement.ts";
import { findSignedCode, type SignedCode } from "./signed-code.ts";
import { findSignedImage } from "./signed-image.ts";
import { judgeSlices } from "./slices.ts";

export const appleCode: SignatureScheme = {
  id: "apple-code",
  question: "Who signed this program, and does the signature cover every page of every slice?",
  document: "Apple, TN3126 Inside Code Signing: Hashes; xnu, osfmk/kern/cs_blobs.h",
  formats: ["mach-o", "dmg"],
  verify,
};

/** More than any real file has; each slice is verified as a member as well. */
const MAX_SLICES = 16;
const NOTHING: Verification = { signatures: [], findings: [] };

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  if (context.format === "dmg") return verifyCode(() => findSignedImage(source), 0, context);
  const head = await readExactly(source, 0, Math.min(source.sizeBytes, 4096), "Mach-O: header");
  if (readMark(head) === undefined && isFat(head, source.sizeBytes)) return verifyFat(source, context);
  return verifyCode(() => findSignedCode(source, undefined), 0, context);
}

/** What is wrong inside one slice is said of that slice, which is a member. Here counts what all say together. */
async function verifyFat(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const { slices } = await readFat(source);
  const signatures: SignatureReport[] = [];
  let unsigned = 0;
  for (const slice of slices.slice(0, MAX_SLICES)) {
    if (!isInFile(slice, source)) continue;
    const range = new RangeSource(source, slice.offsetBytes, slice.sizeBytes);
    if (context.format === "dmg") return verifyCode(() => findSignedImage(source), 0, context);
    const head = await readExactly(range, 0, Math.min(range.sizeBytes, 4), "Mach-O: slice");
    if (readMark(head) === undefined) continue;
    const find = () => findSignedCode(range, sliceName(slice));
    const found = await verifyCode(find, signatures.length, context);
    signatures.push(...found.signatures);
    if (found.signatures.length === 0) unsigned += 1;
  }
  return {
    signatures,
    findings: judgeSlices(signatures, unsigned + Math.max(0, slices.length - MAX_SLICES)),
  };
}

async function verifyCode(
  find: () => Promise<SignedCode | undefined>,
  position: number,
  context: VerifyContext,
): Promise<Verification> {
  let code: SignedCode | undefined;
  try {
    code = await find();
    return code === undefined ? NOTHING : await judgeCode(code, position, context);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    // Spent time is not about the signature.
    if (error.facts.limit !== undefined) throw error;
    const [outcome, because] =
      code === undefined
        ? (["unknown", `whether it is signed cannot be told: ${error.message}`] as const)
        : [outcomeOf(error), `the code signature cannot be verified: ${error.message}`];
    return { signatures: [], findings: [{ check: "integrity", outcome, because, facts: {} }] };
  }
}
