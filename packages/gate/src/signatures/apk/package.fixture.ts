/** Builds Android packages with a signing block, decent and lying ones. For tests only. */

import { constants, createHash, sign } from "node:crypto";
import { buildZip, type Part } from "../../formats/zip/zip.fixture.ts";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";

export const PARTS: readonly Part[] = [
  { name: "AndroidManifest.xml", bytes: Buffer.from("no manifest, harmless text\n".repeat(40)) },
  { name: "classes.dex", bytes: Buffer.alloc(1_300_000, "harmless"), method: 0 },
];

const SCHEME_IDS = { "2": 0x7109871a, "3": 0xf05368c0, "3.1": 0x1b93ad61 } as const;
export type Scheme = keyof typeof SCHEME_IDS;
/** RSA-PSS with SHA-256, RSA with SHA-256, with SHA-512, ECDSA with SHA-256. */
export const ALGORITHMS = { pss: 0x0101, rsa: 0x0103, rsa512: 0x0104, ecdsa: 0x0201 } as const;
export type AlgorithmName = keyof typeof ALGORITHMS;

export const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
};
export const prefixed = (...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([number(content.length), content]);
};
export const pair = (id: number, value: Uint8Array): Buffer => {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(value.length + 4), 0);
  head.writeUInt32LE(id, 8);
  return Buffer.concat([head, value]);
};

/** The digest that Android documents, computed anew here: of whole sections in memory. */
export function digestOf(unsigned: Buffer, algorithm: "sha256" | "sha512"): Buffer {
  const end = unsigned.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const directory = unsigned.readUInt32LE(end + 16);
  const sections = [
    unsigned.subarray(0, directory),
    unsigned.subarray(directory, end),
    unsigned.subarray(end),
  ];
  const pieces = sections.flatMap((section) =>
    Array.from({ length: Math.ceil(section.length / 1_048_576) }, (_, at) =>
      section.subarray(at * 1_048_576, (at + 1) * 1_048_576),
    ),
  );
  const digests = pieces.map((piece) =>
    createHash(algorithm)
      .update(Buffer.from([0xa5]))
      .update(number(piece.length))
      .update(piece)
      .digest(),
  );
  const all = createHash(algorithm)
    .update(Buffer.from([0x5a]))
    .update(number(digests.length));
  return all.update(Buffer.concat(digests)).digest();
}

export interface ApkSigning {
  readonly signer: IssuedCertificate;
  readonly scheme?: Scheme;
  readonly algorithms?: readonly AlgorithmName[];
  readonly attributes?: readonly Buffer[];
  /** What to get wrong. */
  readonly broken?: {
    readonly digest?: Buffer;
    readonly digestIds?: readonly number[];
    readonly publicKey?: Buffer;
    readonly signature?: Buffer;
    readonly versionsOutside?: readonly [number, number];
    readonly certificates?: readonly Uint8Array[];
    readonly trailing?: Buffer;
  };
}

/** One signer, in a value of a signing block. */
export function signerValue(unsigned: Buffer, signing: ApkSigning): Buffer {
  const { signer, scheme = "2", algorithms = ["rsa"], attributes = [], broken = {} } = signing;
  const ids = algorithms.map((name) => ALGORITHMS[name]);
  const hashOf = (name: AlgorithmName) => (name === "rsa512" ? "sha512" : "sha256");
  const digests = algorithms.map((name, at) =>
    prefixed(
      number(broken.digestIds?.[at] ?? ids[at] ?? 0),
      prefixed(broken.digest ?? digestOf(unsigned, hashOf(name))),
    ),
  );
  const certificates = (broken.certificates ?? [signer.certificate]).map((der) => prefixed(der));
  const versions = scheme === "2" ? [] : [number(24), number(0x7fffffff)];
  const outside = broken.versionsOutside?.map(number) ?? versions;
  const signedData = Buffer.concat([
    prefixed(...digests),
    prefixed(...certificates),
    ...versions,
    prefixed(...attributes.map((attribute) => prefixed(attribute))),
    ...(scheme === "2" ? [prefixed()] : []),
    broken.trailing ?? Buffer.alloc(0),
  ]);
  const signatures = algorithms.map((name, at) => {
    const key = { key: signer.key.privateKey, ...(name === "pss" && PSS) };
    return prefixed(number(ids[at] ?? 0), prefixed(broken.signature ?? sign(hashOf(name), signedData, key)));
  });
  const publicKey = broken.publicKey ?? signer.key.publicKey.export({ type: "spki", format: "der" });
  return prefixed(prefixed(signedData), ...outside, prefixed(...signatures), prefixed(publicKey));
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

export const schemePair = (scheme: Scheme, ...signers: readonly Buffer[]): Buffer =>
  pair(SCHEME_IDS[scheme], prefixed(...signers));

/** Puts pairs before the directory. */
export function withBlock(unsigned: Buffer, ...pairs: readonly Buffer[]): Buffer {
  const end = unsigned.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const directory = unsigned.readUInt32LE(end + 16);
  const content = Buffer.concat(pairs);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(content.length + 24), 0);
  const block = Buffer.concat([size, content, size, Buffer.from("APK Sig Block 42", "latin1")]);
  const tail = Buffer.from(unsigned.subarray(end));
  tail.writeUInt32LE(directory + block.length, 16);
  return Buffer.concat([unsigned.subarray(0, directory), block, unsigned.subarray(directory, end), tail]);
}

export const unsignedApk = (parts: readonly Part[] = PARTS): Buffer => buildZip(parts);

/** @returns a package signed by one signer under each scheme that is given */
export function signedApk(...signings: readonly ApkSigning[]): Buffer {
  const unsigned = unsignedApk();
  return withBlock(
    unsigned,
    ...signings.map((signing) => schemePair(signing.scheme ?? "2", signerValue(unsigned, signing))),
  );
}
