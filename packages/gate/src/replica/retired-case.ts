/**
 * The first link of the chain, rebuilt harmlessly: an installer with the names and version of X_TRADER, which its maker had
 * retired two years before it was downloaded, validly signed by an invented signer. Beside it two current programs of
 * near names. Nothing here can run.
 * Sources: Mandiant, "3CX Software Supply Chain Compromise"; the names and version are those that were reported.
 * @module
 */

import {
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writePem,
} from "./certificate-authority.ts";
import { signMsi } from "./installer-signer.ts";
import { writeMsi } from "./msi-package.ts";
import { buildPeImage, signPe } from "./pe-image.ts";
import { makeSigningKey } from "./signing-key.ts";
import { issueToken, writeTokenAttribute } from "./timestamp-authority.ts";

export interface RetiredCase {
  /** Whom somebody has accepted: being accepted must not help. */
  readonly signer: string;
  readonly rootPem: string;
  /** As it was downloaded. */
  readonly installer: NamedFile;
  /** What is in it. */
  readonly msi: NamedFile;
  /** The same product's name from another maker, and another product of the same maker. */
  readonly others: readonly NamedFile[];
}

export interface NamedFile {
  readonly fileName: string;
  readonly content: Buffer;
}

const SIGNER = "Example Trading Ltd";
const MAKER = "Trading Technologies International, Inc.";
const VERSION = "7.17.90.608";

/** Keys are made anew each time and never leave the process. */
export async function buildRetiredCase(): Promise<RetiredCase> {
  const { root, signing } = inventWorld();
  const program = (names: {
    product: string;
    company: string;
    version: string;
    fileName: string;
  }): NamedFile => ({
    fileName: names.fileName,
    content: signPe(
      buildPeImage({
        content: Buffer.alloc(2048, `Stands for ${names.product} ${names.version}.\r\n`, "latin1"),
        version: {
          CompanyName: names.company,
          FileDescription: names.product,
          FileVersion: names.version,
          OriginalFilename: "stub32i.exe",
          ProductName: names.product,
          ProductVersion: names.version,
        },
      }),
      signing,
    ),
  });
  const files = [{ name: "readme.txt", content: Buffer.from("A replica. It does nothing.\r\n") }];
  const database = writeMsi({
    product: "X_TRADER",
    company: MAKER,
    version: "7.17.90",
    folder: "X_TRADER",
    files,
  });
  return {
    signer: SIGNER,
    rootPem: writePem("CERTIFICATE", root.certificate),
    installer: program({
      product: "X_TRADER",
      company: MAKER,
      version: VERSION,
      fileName: "X_TRADER_r7.17.90p608.exe",
    }),
    msi: { fileName: "X_TRADER.msi", content: await signMsi(database, { ...signing, extended: true }) },
    others: [
      program({
        product: "X_TRADER",
        company: "Example Software",
        version: "2.0.1",
        fileName: "x_trader-2.0.1.exe",
      }),
      program({ product: "X_TRADER Charts", company: MAKER, version: "1.0", fileName: "charts.exe" }),
      program({ product: "XTrade", company: "Example Software", version: "3.1", fileName: "xtrade.exe" }),
    ],
  };
}

function inventWorld(): { root: IssuedCertificate; signing: Parameters<typeof signPe>[1] } {
  const period = {
    validFrom: new Date("2020-01-01T00:00:00Z"),
    validUntil: new Date("2049-01-01T00:00:00Z"),
  };
  const root = issueRoot({
    ...period,
    subject: { commonName: "Invented Root of the Replica", organisation: "Sallyport Replica" },
    key: makeSigningKey("p-256"),
  });
  const issue = (name: string, purpose: string, isCritical: boolean) =>
    issueCertificate(
      {
        ...period,
        subject: { commonName: name, organisation: name },
        key: makeSigningKey("p-256"),
        keyUsage: ["digitalSignature"],
        extendedKeyUsage: [purpose],
        ...(isCritical && { extendedKeyUsageCritical: true }),
      },
      root,
    );
  const authority = issue("Example Time Stamping", KEY_PURPOSE.timestamping, true);
  const at = new Date("2022-04-02T09:00:00Z");
  return {
    root,
    signing: {
      signer: issue(SIGNER, KEY_PURPOSE.codeSigning, false),
      unsignedAttributes: (signature) => [writeTokenAttribute(issueToken({ authority, signature, at }))],
    },
  };
}
