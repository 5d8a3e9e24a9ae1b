import { describe, expect, it } from "vitest";
import { writeNull } from "../asn1/write.ts";
import {
  type CertificateRequest,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writeExtension,
} from "../replica/certificate-authority.ts";
import { signingKeyNamed } from "../replica/signing-key.ts";
import { anchorFrom } from "../trust/anchor.ts";
import { createTrustStore, type Purpose } from "../trust/trust-store.ts";
import { readCertificate } from "./certificate.ts";
import { KEY_PURPOSE as OWN_PURPOSE } from "./extensions.ts";
import { buildPath } from "./path.ts";

const PERIOD = { validFrom: new Date("2020-01-01"), validUntil: new Date("2040-01-01") };
const AT = new Date("2026-11-25");
const marker = (number: string, critical = false) =>
  writeExtension(`1.2.840.113635.100.6.${number}`, critical, writeNull());
const root = issueRoot({
  subject: { commonName: "A root" },
  key: signingKeyNamed("a-root", "p-256"),
  ...PERIOD,
});
const authority = (commonName: string, ...markers: readonly Buffer[]) =>
  issueCertificate(
    {
      subject: { commonName },
      key: signingKeyNamed(commonName, "p-256"),
      ...PERIOD,
      isAuthority: true,
      keyUsage: ["keyCertSign"],
      extraExtensions: markers,
    },
    root,
  );
const developerId = authority("Developer ID", marker("2.6"));
const relations = authority("Worldwide Developer Relations", marker("2.1"));
const apple = authority("Apple Code Signing Certification Authority");

function outcomeOf(
  issuer: typeof developerId,
  {
    markers,
    purpose = "apple-code-signing",
    ...change
  }: {
    markers: readonly Buffer[];
    purpose?: Purpose;
  } & Partial<CertificateRequest>,
) {
  const leaf = issueCertificate(
    {
      subject: { commonName: "Somebody" },
      key: signingKeyNamed("somebody", "p-256"),
      ...PERIOD,
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
      extraExtensions: markers,
      ...change,
    },
    issuer,
  );
  const purposes: Purpose[] = ["apple-code-signing", "apple-package-signing", "timestamping"];
  const anchor = anchorFrom(root.certificate, { id: "a", family: "A", origin: "a test", purposes });
  return buildPath({
    leaf: readCertificate(leaf.certificate),
    pool: [readCertificate(issuer.certificate)],
    purpose,
    at: AT,
    trust: createTrustStore([anchor]),
  }).outcome;
}

describe("certificates under a root for Apple's formats", () => {
  it.each([
    ["Developer ID", outcomeOf(developerId, { markers: [marker("1.13", true)] })],
    ["the Mac App Store", outcomeOf(relations, { markers: [marker("1.9", true)] })],
    ["Apple itself", outcomeOf(apple, { markers: [] })],
    [
      "Developer ID Installer",
      outcomeOf(developerId, {
        markers: [marker("1.14", true)],
        purpose: "apple-package-signing",
        extendedKeyUsage: [OWN_PURPOSE.applePackageSigning],
      }),
    ],
  ])("may hand programs on when they are of %s", (_, outcome) => {
    expect(outcome).toBe("anchored");
  });

  it.each([
    ["a developer's own devices", outcomeOf(relations, { markers: [marker("1.12", true)] })],
    ["nothing that is said", outcomeOf(developerId, { markers: [] })],
    ["Developer ID, by another authority", outcomeOf(relations, { markers: [marker("1.13", true)] })],
    [
      "packages, and signs a program",
      outcomeOf(developerId, {
        markers: [marker("1.14", true)],
        extendedKeyUsage: [OWN_PURPOSE.applePackageSigning],
      }),
    ],
    [
      "programs, and signs a package",
      outcomeOf(developerId, { markers: [marker("1.13", true)], purpose: "apple-package-signing" }),
    ],
    ["programs of another system", outcomeOf(developerId, { markers: [], purpose: "code-signing" })],
    [
      "something critical that nobody knows",
      outcomeOf(developerId, {
        markers: [marker("1.13", true), writeExtension("1.2.3.4", true, writeNull())],
      }),
    ],
  ])("may not when they are for %s", (_, outcome) => {
    expect(outcome).toBe("invalid-path");
  });
});
