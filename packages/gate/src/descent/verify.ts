/** Asks the schemes that can speak for a member who signed it. @module */

import type { ByteSource } from "@sallyport/core";
import type { SignatureReport } from "../signatures/scheme.ts";
import type { Claims } from "./claims.ts";
import { unmetExpectations } from "./expectation.ts";
import type { Look } from "./look.ts";
import { ROOT } from "./place.ts";
import type { DescentRequest } from "./request.ts";
import type { Teller } from "./teller.ts";

export interface Verifying {
  readonly request: DescentRequest;
  readonly teller: Teller;
  /** Of what the person brought along; nobody is asked before that is known. */
  readonly claims: Claims | undefined;
}

/** @returns what was found, the findings told already */
export async function verify(
  source: ByteSource,
  look: Look,
  { request, teller, claims }: Verifying,
): Promise<SignatureReport[]> {
  const { schemes, budget, trust, now, maxHeldBytes } = request;
  const isArtifact = look.place.index === ROOT.index;
  const signatures: SignatureReport[] = [];
  for (const scheme of schemes) {
    if (claims === undefined) break;
    if (!scheme.formats.includes(look.format) && !(isArtifact && claims.isClaimant(scheme))) continue;
    try {
      const brought = claims.broughtFor(scheme, isArtifact);
      const context = { budget, trust, now, maxHeldBytes, brought, format: look.format };
      const found = await scheme.verify(source, context);
      if (found.signatures.length > 0) teller.noteSigned();
      signatures.push(...found.signatures);
      for (const finding of found.findings) teller.report(look, finding);
    } catch (error) {
      teller.fail(error, look.place.path, look);
    }
  }
  if (isArtifact)
    for (const finding of unmetExpectations(request.brought, signatures)) teller.report(look, finding);
  return signatures;
}
