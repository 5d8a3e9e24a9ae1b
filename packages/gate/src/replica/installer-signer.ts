/** Signs installers and cabinets made in code, as signtool would. @module */

import { Budget, MemorySource } from "@sallyport/core";
import { cabDigest } from "../signatures/authenticode/cab-digest.ts";
import { msiDigest } from "../signatures/authenticode/msi-digest.ts";
import { type AuthenticodeRequest, signAuthenticode } from "./authenticode-signer.ts";
import { withCabSignature, withSignaturePlace } from "./cabinet.ts";
import { withMsiSignature } from "./msi-signature.ts";

export type InstallerSignature = Omit<AuthenticodeRequest, "subject" | "fileDigest">;

/** @param signature.extended - cover names, sizes and times as well: `\5MsiDigitalSignatureEx` */
export async function signMsi(
  msi: Uint8Array,
  signature: InstallerSignature & { readonly extended?: boolean },
): Promise<Buffer> {
  const algorithm = signature.digest ?? "sha256";
  const { digest, extended } = await msiDigest(new MemorySource(msi), {
    algorithm,
    extended: signature.extended ?? false,
    budget: new Budget(),
  });
  const pkcs7 = signAuthenticode({ ...signature, subject: "msi", fileDigest: digest });
  return withMsiSignature(msi, extended === undefined ? { pkcs7 } : { pkcs7, extended });
}

/** @param cabinet - without any reserve, as `writeCabinet` makes it */
export async function signCab(cabinet: Buffer, signature: InstallerSignature): Promise<Buffer> {
  const prepared = withSignaturePlace(cabinet);
  const fileDigest = await cabDigest(new MemorySource(prepared), {
    algorithm: signature.digest ?? "sha256",
    budget: new Budget(),
  });
  return withCabSignature(prepared, signAuthenticode({ ...signature, subject: "cab", fileDigest }));
}
