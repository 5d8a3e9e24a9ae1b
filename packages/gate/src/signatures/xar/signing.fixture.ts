/** Signs xar archives as Apple's tools do, and gets wrong what a test asks for. */

import { createHash } from "node:crypto";
import { sourceOf, testBudget, verifyContext } from "@sallyport/testkit";
import {
  buildXar,
  signatureOffset,
  type XarMemberShape,
  type XarShape,
} from "../../formats/xar/xar.fixture.ts";
import { issueCertificate, issueRoot, KEY_PURPOSE, writePem } from "../../replica/certificate-authority.ts";
import { signSignerInfo, writeSignedData } from "../../replica/cms-signer.ts";
import { signBytes, signingKeyNamed } from "../../replica/signing-key.ts";
import { issueToken, writeTokenAttribute } from "../../replica/timestamp-authority.ts";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { KEY_PURPOSE as PURPOSE } from "../../x509/extensions.ts";
import { xarSignature } from "./index.ts";

const day = (text: string) => new Date(`${text}T00:00:00Z`);
export const NOW = day("2026-11-25");
const YEARS = { validFrom: day("2020-01-01"), validUntil: day("2040-01-01") };
const root = issueRoot({
  subject: { commonName: "Package root" },
  key: signingKeyNamed("package-root", "p-256"),
  ...YEARS,
});
export const installerNamed = (
  commonName: string,
  change: Partial<Parameters<typeof issueCertificate>[0]> = {},
) =>
  issueCertificate(
    {
      subject: { commonName, organisation: "Example" },
      key: signingKeyNamed("installer", "rsa-2048"),
      ...YEARS,
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [PURPOSE.applePackageSigning],
      extendedKeyUsageCritical: true,
      ...change,
    },
    root,
  );
export const SIGNER = installerNamed("Developer ID Installer: Example");
const clock = issueCertificate(
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

export const verify = (bytes: Buffer, limits = {}) =>
  xarSignature.verify(
    sourceOf(bytes),
    verifyContext({ budget: testBudget(limits), trust, now: NOW, format: "pkg" }),
  );

const RSA_BYTES = 256;
const CMS_BYTES = 4096;

export interface SigningShape {
  readonly style?: "sha1" | "sha256" | "md5";
  readonly kinds?: readonly ("rsa" | "cms")[];
  readonly signer?: ReturnType<typeof installerNamed>;
  /** The digest is hashed once more, as tools do that are not Apple's. */
  readonly hashesDigest?: boolean;
  readonly stampedAt?: Date;
  readonly behindCms?: Buffer;
  readonly changeTable?: XarShape["changeTable"];
  readonly members?: readonly XarMemberShape[];
  readonly tail?: Buffer;
  /** Signs in place of this fixture. */
  readonly sign?: (kind: "rsa" | "cms", signed: { packedTable: Buffer; digest: Buffer }) => Buffer;
}

export const MEMBERS: readonly XarMemberShape[] = [
  { name: "PackageInfo", content: Buffer.from('<pkg-info identifier="com.example.demo" version="1.2"/>') },
  { name: "Payload", content: Buffer.alloc(500, 7), encoding: "application/octet-stream" },
];

/** @returns the archive, where its heap begins, and where in the file the table stands */
export function signXar(shape: SigningShape = {}): { bytes: Buffer; heapAt: number; tableAt: number } {
  const { style = "sha256", kinds = ["rsa", "cms"], signer = SIGNER } = shape;
  const sizes = { rsa: RSA_BYTES, cms: CMS_BYTES };
  const certificate = `<KeyInfo><X509Data><X509Certificate>${signer.certificate.toString("base64")}</X509Certificate></X509Data></KeyInfo>`;
  let at = signatureOffset(style);
  const places: { kind: "rsa" | "cms"; offset: number }[] = [];
  let xml = "";
  for (const kind of kinds) {
    const name = kind === "rsa" ? "signature" : "x-signature";
    xml += `<${name} style="${kind.toUpperCase()}"><offset>${at}</offset><size>${sizes[kind]}</size>${certificate}</${name}>`;
    places.push({ kind, offset: at });
    at += sizes[kind];
  }
  const built = buildXar(shape.members ?? MEMBERS, {
    style,
    signatures: { xml, sizeBytes: at - signatureOffset(style) },
    ...(shape.changeTable === undefined ? {} : { changeTable: shape.changeTable }),
    ...(shape.tail === undefined ? {} : { tail: shape.tail }),
  });
  const digest = createHash(style).update(built.packedTable).digest();
  for (const { kind, offset } of places) {
    const { packedTable } = built;
    const value =
      shape.sign?.(kind, { packedTable, digest }) ??
      (kind === "cms"
        ? signCms(digest, shape, signer)
        : signRsa({ packedTable, digest }, { ...shape, style }, signer));
    value.copy(built.bytes, built.heapAt + offset);
    if (kind === "cms") shape.behindCms?.copy(built.bytes, built.heapAt + offset + value.length);
  }
  return { bytes: built.bytes, heapAt: built.heapAt, tableAt: built.heapAt - built.packedTable.length };
}

function signRsa(
  { packedTable, digest }: { packedTable: Buffer; digest: Buffer },
  { hashesDigest, style }: SigningShape & { style: "sha1" | "sha256" | "md5" },
  { key }: ReturnType<typeof installerNamed>,
): Buffer {
  return Buffer.from(
    hashesDigest === true
      ? signBytes(key, "sha256", digest, "full")
      : signBytes(key, style, packedTable, "full"),
  );
}

function signCms(
  digest: Buffer,
  { stampedAt }: SigningShape,
  signer: ReturnType<typeof installerNamed>,
): Buffer {
  const contentType = "1.2.840.113549.1.7.1";
  return writeSignedData({
    contentType,
    digests: ["sha256"],
    certificates: [signer.certificate],
    signerInfos: [
      signSignerInfo({
        signer,
        contentType,
        contentOctets: digest,
        ...(stampedAt === undefined
          ? {}
          : {
              unsignedAttributes: (signature) => [
                writeTokenAttribute(issueToken({ authority: clock, signature, at: stampedAt })),
              ],
            }),
      }),
    ],
  });
}
