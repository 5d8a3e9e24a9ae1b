/** Signs Mach-O files made in code as codesign does, and gets wrong what a test asks for. */

import { createHash } from "node:crypto";
import { sourceOf, testBudget, verifyContext } from "@sallyport/testkit";
import { writeObjectIdentifier, writeOctetString, writeSequence } from "../../asn1/write.ts";
import { oidOfDigest } from "../../cms/algorithm.ts";
import { ARM64, buildFat, buildMachO, X86_64 } from "../../formats/mach-o/mach-o.fixture.ts";
import { issueCertificate, issueRoot, KEY_PURPOSE, writePem } from "../../replica/certificate-authority.ts";
import { signSignerInfo, writeAttribute, writeSignedData } from "../../replica/cms-signer.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { withAnchorsFromPem } from "../../trust/trust-file.ts";
import { appleCode } from "./index.ts";

const day = (text: string) => new Date(`${text}T00:00:00Z`);
export const NOW = day("2026-11-25");
const YEARS = { validFrom: day("2020-01-01"), validUntil: day("2040-01-01") };
const root = issueRoot({
  subject: { commonName: "Apple code root" },
  key: signingKeyNamed("apple-root", "p-256"),
  ...YEARS,
});
export const signerNamed = (commonName: string) =>
  issueCertificate(
    {
      subject: { commonName, organisation: "Example" },
      key: signingKeyNamed(commonName, "rsa-2048"),
      ...YEARS,
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    },
    root,
  );
const SIGNER = signerNamed("Developer ID Application: Example");
export const trust = withAnchorsFromPem(
  { anchors: [], revocationLists: [], hash: "" },
  Buffer.from(writePem("CERTIFICATE", root.certificate)),
  "root.pem",
);

export const verify = (bytes: Buffer, limits = {}) =>
  appleCode.verify(
    sourceOf(bytes),
    verifyContext({ budget: testBudget(limits), trust, now: NOW, format: "mach-o" }),
  );

export type HashName = "sha1" | "sha256" | "sha384";
const HASH = { sha1: [1, 20], sha256: [2, 32], sha384: [4, 48] } as const;

export interface SigningShape {
  readonly cpu?: { readonly type: number; readonly subtype: number };
  /** The first is the primary CodeDirectory; default one of SHA-256. */
  readonly digests?: readonly HashName[];
  readonly flags?: number;
  readonly identifier?: string;
  readonly team?: string;
  readonly pageBits?: number;
  /** Blobs of special slots, hashed unless named in `unhashed`. */
  readonly special?: ReadonlyMap<number, Buffer>;
  readonly unhashed?: readonly number[];
  /** Hashes of what lies outside. */
  readonly outside?: ReadonlyMap<number, Buffer>;
  /** Of a disk image. */
  readonly specific?: Buffer | undefined;
  /** undefined: ad-hoc. */
  readonly signer?: ReturnType<typeof signerNamed> | undefined;
  /** `list` alone is what old systems wrote. */
  readonly agility?: "both" | "list" | "none";
  readonly cmsDigest?: "sha1" | "sha256";
  /** Bytes behind the CMS in its blob, between blobs, behind the SuperBlob, behind the file. */
  readonly behindCms?: Buffer;
  readonly betweenBlobs?: Buffer;
  readonly behindSignature?: Buffer;
  readonly changeCms?: (cms: Buffer) => Buffer;
  readonly changeDirectory?: (directory: Buffer, index: number) => Buffer;
  readonly limit?: number;
}

export const blob = (magic: number, content: Uint8Array): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(magic, 0);
  header.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([header, content]);
};
export const REQUIREMENTS = blob(0xfade0c01, Buffer.alloc(4));
export const ENTITLEMENTS = blob(
  0xfade7171,
  Buffer.from(
    '<?xml version="1.0"?><plist version="1.0"><dict><key>com.example.a</key><true/><key>b</key><false/></dict></plist>',
  ),
);

const PLACE_BYTES = 16_384;

/** @returns the file, and where its signature begins */
export function signMachO(shape: SigningShape = {}): { bytes: Buffer; signatureAt: number } {
  const file = buildMachO({
    wide: true,
    littleEndian: true,
    cpu: shape.cpu ?? ARM64,
    signatureFilling: Buffer.alloc(PLACE_BYTES - 8),
  });
  const signatureAt = file.length - PLACE_BYTES;
  const code = file.subarray(0, signatureAt);
  const super_ = buildSuperBlob(code, shape);
  super_.copy(file, signatureAt);
  shape.behindSignature?.copy(file, signatureAt + super_.length);
  return { bytes: file, signatureAt };
}

export function buildSuperBlob(code: Buffer, shape: SigningShape = {}): Buffer {
  const digests = shape.digests ?? ["sha256"];
  const special = shape.special ?? new Map([[2, REQUIREMENTS]]);
  const change = shape.changeDirectory ?? ((directory: Buffer) => directory);
  const directories = digests.map((digest, index) =>
    change(buildDirectory(code, { ...shape, special, digest }), index),
  );
  const slots: [number, Buffer][] = [
    ...directories.map((one, index): [number, Buffer] => [index === 0 ? 0 : 0x1000 + index - 1, one]),
    ...special,
  ];
  const signer = "signer" in shape ? shape.signer : SIGNER;
  if (signer !== undefined) {
    const cms = signCms(directories, { ...shape, digests, signer });
    const changed = (shape.changeCms ?? ((same: Buffer) => same))(cms);
    slots.push([0x10000, blob(0xfade0b01, Buffer.concat([changed, shape.behindCms ?? Buffer.alloc(0)]))]);
  }
  return joinBlobs(slots, shape.betweenBlobs);
}

function joinBlobs(slots: readonly [number, Buffer][], between: Buffer = Buffer.alloc(0)): Buffer {
  const index = Buffer.alloc(12 + slots.length * 8);
  const pieces: Buffer[] = [index];
  let at = index.length;
  for (const [place, [slot, bytes]] of slots.entries()) {
    index.writeUInt32BE(slot, 12 + place * 8);
    index.writeUInt32BE(at, 16 + place * 8);
    const filling = place === 0 ? between : Buffer.alloc(0);
    pieces.push(bytes, filling);
    at += bytes.length + filling.length;
  }
  index.writeUInt32BE(0xfade0cc0, 0);
  index.writeUInt32BE(at, 4);
  index.writeUInt32BE(slots.length, 8);
  return Buffer.concat(pieces);
}

function buildDirectory(
  code: Buffer,
  shape: SigningShape & { digest: HashName; special: ReadonlyMap<number, Buffer> },
): Buffer {
  const { digest, special, outside = new Map<number, Buffer>(), unhashed = [] } = shape;
  const [kind, hashBytes] = HASH[digest];
  const hash = (bytes: Uint8Array) => createHash(digest).update(bytes).digest();
  const count = Math.max(0, shape.specific === undefined ? 0 : 6, ...special.keys(), ...outside.keys());
  const specials = Array.from({ length: count }, (_, index) => {
    const slot = count - index;
    const content = slot === 6 ? shape.specific : special.get(slot);
    const known = outside.get(slot);
    if (known !== undefined) return known.subarray(0, hashBytes);
    return content === undefined || unhashed.includes(slot) ? Buffer.alloc(hashBytes) : hash(content);
  });
  const { pageBits = 9, limit = code.length } = shape;
  const pageBytes = pageBits === 0 ? limit : 2 ** pageBits;
  const pages = Array.from({ length: Math.ceil(limit / pageBytes) }, (_, page) =>
    hash(code.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, limit))),
  );
  const names = Buffer.from(`${shape.identifier ?? "com.example.demo"}\0${shape.team ?? "TEAM123456"}\0`);
  const header = Buffer.alloc(88);
  const hashesAt = header.length + names.length + count * hashBytes;
  header.writeUInt32BE(0xfade0c02, 0);
  header.writeUInt32BE(hashesAt + pages.length * hashBytes, 4);
  header.writeUInt32BE(0x2_0400, 8);
  header.writeUInt32BE(shape.flags ?? 0x1_0000, 12);
  header.writeUInt32BE(hashesAt, 16);
  header.writeUInt32BE(header.length, 20);
  header.writeUInt32BE(count, 24);
  header.writeUInt32BE(pages.length, 28);
  header.writeUInt32BE(limit, 32);
  header.set([hashBytes, kind, 0, pageBits], 36);
  header.writeUInt32BE(header.length + names.indexOf(0) + 1, 48);
  return Buffer.concat([header, names, ...specials, ...pages]);
}

function signCms(
  directories: readonly Buffer[],
  shape: SigningShape & { digests: readonly HashName[]; signer: ReturnType<typeof signerNamed> },
): Buffer {
  const { signer, digests, agility = "both", cmsDigest = "sha256" } = shape;
  const hashes = directories.map((bytes, index) => {
    const digest = digests[index] ?? "sha256";
    return { digest, hash: createHash(digest).update(bytes).digest() };
  });
  const list = hashes.map(({ hash }) => `<data>${hash.subarray(0, 20).toString("base64")}</data>`).join("");
  const plist = `<?xml version="1.0"?><plist version="1.0"><dict><key>cdhashes</key><array>${list}</array></dict></plist>`;
  const attributes = [
    writeAttribute("1.2.840.113635.100.9.1", writeOctetString(Buffer.from(plist))),
    writeAttribute(
      "1.2.840.113635.100.9.2",
      ...hashes.map(({ digest, hash }) =>
        writeSequence(writeObjectIdentifier(oidOfDigest(digest)), writeOctetString(hash)),
      ),
    ),
  ];
  const contentType = "1.2.840.113549.1.7.1";
  return writeSignedData({
    contentType,
    digests: [cmsDigest],
    certificates: [signer.certificate],
    signerInfos: [
      signSignerInfo({
        signer,
        contentType,
        contentOctets: directories[0] ?? Buffer.alloc(0),
        digest: cmsDigest,
        signedAttributes: attributes.slice(0, { both: 2, list: 1, none: 0 }[agility]),
      }),
    ],
  });
}

export const fatOf = (shapes: readonly [SigningShape, SigningShape]): Buffer =>
  buildFat([
    { cpu: X86_64, bytes: signMachO({ ...shapes[0], cpu: X86_64 }).bytes },
    { cpu: ARM64, bytes: signMachO(shapes[1]).bytes },
  ]);
