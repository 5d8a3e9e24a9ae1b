/** The signers of the techniques: a vendor, the same vendor with other certificates, and others. @module */

import {
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  issueToken,
  KEY_PURPOSE,
  makeSigningKey,
  signPe,
  writeTokenAttribute,
} from "@sallyport/gate/replica";

export type SignerName = "vendor" | "renewed" | "other-authority" | "stranger";

export interface World {
  /** Signs a PE; what it carried before is replaced. */
  sign(image: Buffer, signer?: SignerName, at?: Date): Buffer;
}

const YEARS = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2040-01-01T00:00:00Z") };
const VENDOR = "Example Software Ltd";

/** Keys are made anew in each run and never leave it. */
export function inventWorld(): World {
  const root = authority("Example Code Signing Root");
  const otherRoot = authority("Second Example Root");
  const signers: Readonly<Record<SignerName, IssuedCertificate>> = {
    vendor: signer(VENDOR, root),
    renewed: signer(VENDOR, root),
    "other-authority": signer(VENDOR, otherRoot),
    stranger: signer("Another Example Company", root),
  };
  const stamps = issueCertificate(
    {
      subject: { commonName: "Example Time Stamping" },
      key: makeSigningKey("p-256"),
      ...YEARS,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.timestamping],
      extendedKeyUsageCritical: true,
    },
    root,
  );
  return {
    sign: (image, name = "vendor", at = new Date("2026-03-01T10:00:00Z")) =>
      signPe(image, {
        signer: signers[name],
        unsignedAttributes: (signature) => [
          writeTokenAttribute(issueToken({ authority: stamps, signature, at })),
        ],
      }),
  };
}

const authority = (commonName: string): IssuedCertificate =>
  issueRoot({ subject: { commonName, organisation: commonName }, key: makeSigningKey("p-256"), ...YEARS });

const signer = (name: string, issuer: IssuedCertificate): IssuedCertificate =>
  issueCertificate(
    {
      subject: { commonName: name, organisation: name },
      key: makeSigningKey("p-256"),
      ...YEARS,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    },
    issuer,
  );
