/**
 * The 3CX case of March 2023, rebuilt with harmless files of invented companies: two releases of a desktop program,
 * both validly signed by their vendor. The second bundles the same library as the first, still validly signed by its
 * own vendor, with text at the place where the real one carried its payload: inside the certificate table, behind
 * the PKCS#7, with both sizes enlarged. Nothing here can run.
 * Sources: ReversingLabs, "Red flags flew over software supply chain-compromised 3CX update"; Microsoft, PE Format,
 * "The Attribute Certificate Table"; CVE-2013-3900.
 * @module
 */

import { signAuthenticode } from "./authenticode-signer.ts";
import {
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writePem,
} from "./certificate-authority.ts";
import { signMsi } from "./installer-signer.ts";
import { writeMsi } from "./msi-package.ts";
import { buildPeImage, imageDigest, signPe, withCertificateTable } from "./pe-image.ts";
import { makeSigningKey } from "./signing-key.ts";
import { issueToken, writeTokenAttribute } from "./timestamp-authority.ts";

export interface ThreeCxCase {
  readonly vendor: string;
  readonly product: string;
  /** Certificate of the invented authority that everything leads to. */
  readonly rootPem: string;
  /** As the vendor meant it. */
  readonly clean: ReplicaRelease;
  /** As the intruders made the vendor build it. */
  readonly trojanised: ReplicaRelease;
}

export interface ReplicaRelease {
  readonly fileName: string;
  readonly version: string;
  /** The signed installer. */
  readonly msi: Buffer;
  /** What it installs. */
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
}

const VENDOR = "Example Telecom Ltd";
const PRODUCT = "Switchboard";
/** The bundled library of another company. */
export const REPLICA_LIBRARY = "shadercompiler_47.dll";
const LIBRARY_VENDOR = "Example Graphics Inc";

/** Builds both releases. Keys are made anew each time and never leave the process; all else is always the same. */
export async function buildThreeCxCase(): Promise<ThreeCxCase> {
  const world = inventWorld();
  const library = buildLibrary(world);
  const clean = { version: "18.11.1", builtAt: new Date("2023-01-17T10:20:00Z"), library: library.clean };
  const trojanised = {
    version: "18.12.1",
    builtAt: new Date("2023-03-13T06:33:00Z"),
    library: library.tagged,
  };
  return {
    vendor: VENDOR,
    product: PRODUCT,
    rootPem: writePem("CERTIFICATE", world.root.certificate),
    clean: await buildRelease(world, clean),
    trojanised: await buildRelease(world, trojanised),
  };
}

interface World {
  readonly root: IssuedCertificate;
  readonly vendor: IssuedCertificate;
  readonly libraryVendor: IssuedCertificate;
  readonly timestampAuthority: IssuedCertificate;
}

/** The signers' certificates have long expired, as those of the real case: timestamps keep the signatures valid. */
function inventWorld(): World {
  const root = issueRoot({
    subject: { commonName: "Invented Root of the Replica", organisation: "Sallyport Replica" },
    key: makeSigningKey("p-256"),
    validFrom: new Date("2015-01-01T00:00:00Z"),
    validUntil: new Date("2049-01-01T00:00:00Z"),
  });
  const signer = (name: string) =>
    issueCertificate(
      {
        subject: { commonName: name, organisation: name },
        key: makeSigningKey("p-256"),
        validFrom: new Date("2021-06-01T00:00:00Z"),
        validUntil: new Date("2024-06-01T00:00:00Z"),
        keyUsage: ["digitalSignature"],
        extendedKeyUsage: [KEY_PURPOSE.codeSigning],
      },
      root,
    );
  const timestampAuthority = issueCertificate(
    {
      subject: { commonName: "Example Time Stamping", organisation: "Sallyport Replica" },
      key: makeSigningKey("p-256"),
      validFrom: new Date("2020-01-01T00:00:00Z"),
      validUntil: new Date("2049-01-01T00:00:00Z"),
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.timestamping],
      extendedKeyUsageCritical: true,
    },
    root,
  );
  return { root, vendor: signer(VENDOR), libraryVendor: signer(LIBRARY_VENDOR), timestampAuthority };
}

/** What every signature of the replica needs: who, and a timestamp. */
const signing = (signer: IssuedCertificate, at: Date, { timestampAuthority: authority }: World) => ({
  signer,
  unsignedAttributes: (signature: Buffer) => [writeTokenAttribute(issueToken({ authority, signature, at }))],
});

/** One signature, two files: the signed bytes are the same, so the signature is valid in both. */
function buildLibrary(world: World): { readonly clean: Buffer; readonly tagged: Buffer } {
  const image = buildPeImage({
    content: program("Stands for a graphics library that many desktop programs bundle.", 48 * 1024),
    version: {
      CompanyName: LIBRARY_VENDOR,
      FileDescription: "Shader compiler for desktop programs",
      FileVersion: "10.0.20348.1",
      OriginalFilename: REPLICA_LIBRARY,
      ProductName: "Example Graphics Runtime",
      ProductVersion: "10.0.20348.1",
    },
  });
  const pkcs7 = signAuthenticode({
    ...signing(world.libraryVendor, new Date("2022-09-30T08:00:00Z"), world),
    subject: "pe",
    fileDigest: imageDigest(image, "sha256"),
  });
  return {
    clean: withCertificateTable(image, [{ pkcs7 }]),
    tagged: withCertificateTable(image, [{ pkcs7: Buffer.concat([pkcs7, hiddenText()]) }]),
  };
}

/** Where the real library carried encrypted code, marked so that the program finds it. */
function hiddenText(): Buffer {
  const text =
    "This text hides inside the certificate table of a signed library, where no signature looks. " +
    "In the real case encrypted code stood here. This is only text. ";
  return Buffer.alloc(4096, text, "latin1");
}

async function buildRelease(
  world: World,
  { version, builtAt, library }: { version: string; builtAt: Date; library: Buffer },
): Promise<ReplicaRelease> {
  const signature = signing(world.vendor, builtAt, world);
  const own = (name: string, description: string) =>
    signPe(
      buildPeImage({
        content: program(`Stands for ${name} ${version}.`, 24 * 1024),
        version: {
          CompanyName: VENDOR,
          FileDescription: description,
          FileVersion: version,
          OriginalFilename: name,
          ProductName: PRODUCT,
          ProductVersion: version,
        },
      }),
      signature,
    );
  const files = [
    { name: "switchboard.exe", content: own("switchboard.exe", PRODUCT) },
    { name: "mediacodec.dll", content: own("mediacodec.dll", "Sound and picture of calls") },
    { name: REPLICA_LIBRARY, content: library },
    { name: "readme.txt", content: Buffer.from(`${PRODUCT} ${version}\r\nA replica. It does nothing.\r\n`) },
  ];
  const database = writeMsi({ product: PRODUCT, company: VENDOR, version, folder: PRODUCT, files });
  const msi = await signMsi(database, { ...signature, extended: true });
  return { fileName: `switchboard-${version}.msi`, version, msi, files };
}

/** Text in place of code: bytes that say what they are. */
const program = (text: string, sizeBytes: number): Buffer => Buffer.alloc(sizeBytes, `${text}\r\n`, "latin1");
