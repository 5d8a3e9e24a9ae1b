/** A list of two authorities with their certificates, signed by an invented publisher. @module */

import { buildList, makeParty } from "./authroot.fixture.ts";

export const publisher = makeParty("Example List Publisher");
export const listSigner = makeParty("Example List Signer", publisher);
export const roots = [makeParty("Example Root One"), makeParty("Example Root Two")] as const;

export const trustedKeys: readonly string[] = [publisher.publicKeyPem];

/** As they are brought. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "authroot.stl": buildList({
    entries: [
      { certificate: roots[0].certificate, name: "One", usages: ["1.3.6.1.5.5.7.3.3", "1.3.6.1.5.5.7.3.8"] },
      { certificate: roots[1].certificate, name: "Two", disallowedFrom: Date.parse("2025-06-01T00:00:00Z") },
    ],
    signer: listSigner,
    along: [listSigner],
  }),
  "one.crt": roots[0].certificate,
  "two.crt": roots[1].certificate,
};
