/** The signers, authorities and images that the tests of this folder share. */

import { sourceOf, testBudget, verifyContext } from "@sallyport/testkit";
import { issueCertificate, issueRoot, KEY_PURPOSE, writePem } from "../../replica/certificate-authority.ts";
import { buildPeImage } from "../../replica/pe-image.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { issueToken, writeTokenAttribute } from "../../replica/timestamp-authority.ts";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { authenticode } from "./index.ts";

export const day = (text: string) => new Date(`${text}T00:00:00Z`);
export const NOW = day("2026-11-25");
export const YEARS = { validFrom: day("2020-01-01"), validUntil: day("2040-01-01") };
export const root = issueRoot({
  subject: { commonName: "Root" },
  key: signingKeyNamed("root", "p-256"),
  ...YEARS,
});
export const signerOf = (change: Partial<Parameters<typeof issueCertificate>[0]> = {}) =>
  issueCertificate(
    {
      subject: { commonName: "Signer", organisation: "Example" },
      key: signingKeyNamed("signer", "rsa-2048"),
      validFrom: day("2025-01-01"),
      validUntil: day("2028-01-01"),
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
      ...change,
    },
    root,
  );
export const signer = signerOf();
export const expired = signerOf({ validFrom: day("2021-01-01"), validUntil: day("2023-01-01") });
export const authority = issueCertificate(
  {
    subject: { commonName: "Clock" },
    key: signingKeyNamed("clock", "p-256"),
    ...YEARS,
    isAuthority: false,
    extendedKeyUsage: [KEY_PURPOSE.timestamping],
    extendedKeyUsageCritical: true,
  },
  root,
);
export const trust = withAnchorsFromPem(
  { anchors: [], revocationLists: [], hash: "" },
  Buffer.from(writePem("CERTIFICATE", root.certificate)),
  "root.pem",
);
export const image = buildPeImage({ version: { ProductName: "Demo" } });
export const verify = (bytes: Buffer, limits = {}) =>
  authenticode.verify(
    sourceOf(bytes),
    verifyContext({ budget: testBudget(limits), trust, now: NOW, format: "pe" }),
  );

export const stamped =
  (at: Date, by = authority) =>
  (signature: Buffer) => [writeTokenAttribute(issueToken({ authority: by, signature, at }))];

/** An authority that nobody here trusts. */
export function strangerClock(change: Partial<Parameters<typeof issueCertificate>[0]> = {}) {
  const stranger = issueRoot({
    subject: { commonName: "Stranger" },
    key: signingKeyNamed("stranger", "p-256"),
    ...YEARS,
  });
  return issueCertificate(
    {
      subject: { commonName: "Stranger's clock" },
      key: signingKeyNamed("stranger clock", "p-256"),
      ...YEARS,
      isAuthority: false,
      extendedKeyUsage: [KEY_PURPOSE.timestamping],
      extendedKeyUsageCritical: true,
      ...change,
    },
    stranger,
  );
}
