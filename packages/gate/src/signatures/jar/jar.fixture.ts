/** Builds JARs and signs them, decent and lying ones. For tests only. */

import { createHash } from "node:crypto";
import type { DigestName } from "../../cms/algorithm.ts";
import { buildZip, type Part } from "../../formats/zip/zip.fixture.ts";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";
import { type SignerRequest, signSignerInfo, writeSignedData } from "../../replica/cms-signer.ts";

const PLAIN_DATA = "1.2.840.113549.1.7.1";
const NAMES: Partial<Record<DigestName, string>> = {
  md5: "MD5",
  sha1: "SHA1",
  sha256: "SHA-256",
  sha512: "SHA-512",
};

export const PARTS: readonly Part[] = [
  { name: "com/example/", method: 0 },
  { name: "com/example/Demo.class", bytes: Buffer.from("no class, harmless text\n".repeat(40)) },
  { name: "META-INF/services/com.example.Service", bytes: Buffer.from("com.example.Demo\n") },
];

const digestOf = (digest: DigestName, bytes: Uint8Array | string) =>
  createHash(digest).update(bytes).digest("base64");

const sectionOf = (name: string, digest: DigestName, bytes: Uint8Array | string) =>
  `Name: ${name}\r\n${NAMES[digest]}-Digest: ${digestOf(digest, bytes)}\r\n\r\n`;

const filesOf = (parts: readonly Part[]) => parts.filter(({ name }) => !String(name).endsWith("/"));

export const MAIN = "Manifest-Version: 1.0\r\nCreated-By: a test\r\n\r\n";

export const manifestOf = (parts: readonly Part[], digest: DigestName = "sha256"): string =>
  MAIN +
  filesOf(parts)
    .map(({ name, bytes = Buffer.alloc(0) }) => sectionOf(String(name), digest, bytes))
    .join("");

export interface ListRequest {
  readonly digest?: DigestName;
  /** More lines for the main section. */
  readonly lines?: string;
  /** Leave out the digest of the whole manifest, as it is when members were added later. */
  readonly withoutWhole?: boolean;
}

/** The signature file over a manifest that {@link manifestOf} made. */
export function listOf(
  manifest: string,
  { digest = "sha256", lines = "", withoutWhole }: ListRequest = {},
): string {
  const [main = "", ...sections] = manifest.split("\r\n\r\n").map((section) => `${section}\r\n\r\n`);
  const name = NAMES[digest];
  const whole = withoutWhole === true ? "" : `${name}-Digest-Manifest: ${digestOf(digest, manifest)}\r\n`;
  const first = `${name}-Digest-Manifest-Main-Attributes: ${digestOf(digest, main)}\r\n`;
  const listed = sections
    .filter((section) => section.startsWith("Name: "))
    .map((section) =>
      sectionOf(/^Name: ([^\r]*)/.exec(section.replaceAll("\r\n ", ""))?.[1] ?? "", digest, section),
    );
  return `Signature-Version: 1.0\r\n${lines}${whole}${first}\r\n${listed.join("")}`;
}

export type JarSigner = Partial<SignerRequest> & {
  readonly signer: IssuedCertificate;
  readonly content?: Uint8Array;
};

/** The PKCS#7 over a signature file. */
export function blockOf(list: string, signing: JarSigner): Buffer {
  const { content, ...request } = signing;
  const digest = request.digest ?? "sha256";
  return writeSignedData({
    contentType: PLAIN_DATA,
    ...(content !== undefined && { content }),
    signerInfos: [
      signSignerInfo({ contentType: PLAIN_DATA, contentOctets: Buffer.from(list), digest, ...request }),
    ],
    digests: [digest],
    certificates: [signing.signer.certificate],
  });
}

export interface JarRequest extends ListRequest {
  readonly parts?: readonly Part[];
  /** What the manifest lists; the parts when it is left out. */
  readonly listed?: readonly Part[];
  readonly changeManifest?: (manifest: string) => string;
  /** After it was listed. */
  readonly changeLate?: (manifest: string) => string;
  readonly changeList?: (list: string) => string;
  readonly signing: JarSigner;
  readonly more?: readonly Part[];
}

export function signedJar(request: JarRequest): Buffer {
  const { parts = PARTS, signing, more = [] } = request;
  const same = (text: string) => text;
  const manifest = (request.changeManifest ?? same)(manifestOf(request.listed ?? parts, request.digest));
  const list = (request.changeList ?? same)(listOf(manifest, request));
  return buildZip([
    { name: "META-INF/MANIFEST.MF", bytes: Buffer.from((request.changeLate ?? same)(manifest)) },
    { name: "META-INF/DEMO.SF", bytes: Buffer.from(list) },
    { name: "META-INF/DEMO.RSA", bytes: blockOf(list, signing) },
    ...parts,
    ...more,
  ]);
}
