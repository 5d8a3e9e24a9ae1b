/** A trusted root of somebody who runs Sigstore themselves. @module */

export const root = {
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  tlogs: [{ baseUrl: "https://log.example/", publicKey: { rawBytes: "AAAA" } }],
  certificateAuthorities: [
    {
      subject: { organization: "Example", commonName: "example" },
      certChain: { certificates: [{ rawBytes: "AAAA" }] },
    },
  ],
};

/** As it is fetched. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "trusted_root.json": Buffer.from(JSON.stringify(root)),
};
