/** A public key as its owner publishes it. @module */

import { generateKeyPairSync } from "node:crypto";

export const publicKey = (): string =>
  generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();

export const pgpKey = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEZexample
-----END PGP PUBLIC KEY BLOCK-----
`;

/** As it is brought. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "keys.pem": Buffer.from(`Release keys\n\n${publicKey()}`),
};
