/** Builds app packages and signs them, decent and lying ones. For tests only. */

import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { sourceOf, testBudget } from "@sallyport/testkit";
import type { DigestName } from "../../cms/algorithm.ts";
import { openZipLookup } from "../../formats/zip/lookup.ts";
import { buildZip, type Frame, type Part } from "../../formats/zip/zip.fixture.ts";
import { type AuthenticodeRequest, signAuthenticode } from "../../replica/authenticode-signer.ts";
import type { IssuedCertificate } from "../../replica/certificate-authority.ts";
import { packageDigests } from "./digests.ts";

export const PUBLISHER = "CN=Signer, O=Example";
export const CONTENT = Buffer.from("a program that does no harm\n".repeat(5000));

export const manifestOf = (publisher = PUBLISHER, name = "Demo") =>
  `<?xml version="1.0" encoding="utf-8"?><Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10"><Identity Name="${name}" Publisher="${publisher}" Version="1.2.3.0" ProcessorArchitecture="x64"/><Properties><DisplayName>Demo program</DisplayName><PublisherDisplayName>Example</PublisherDisplayName><Logo>logo.png</Logo></Properties></Package>`;

export const bundleManifestOf = (packages: string, publisher = PUBLISHER) =>
  `<?xml version="1.0" encoding="utf-8"?><Bundle xmlns="http://schemas.microsoft.com/appx/2013/bundle" SchemaVersion="5.0"><Identity Name="Demo" Publisher="${publisher}" Version="1.2.3.0"/><Packages>${packages}</Packages></Bundle>`;

export const TYPES =
  '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.ms-appx.manifest+xml"/></Types>';

const METHODS: Partial<Record<DigestName, string>> = {
  sha256: "http://www.w3.org/2001/04/xmlenc#sha256",
  sha384: "http://www.w3.org/2001/04/xmldsig-more#sha384",
  sha512: "http://www.w3.org/2001/04/xmlenc#sha512",
};

/** @param parts - those that the map lists, as they stand in the archive */
export function blockMapOf(parts: readonly Part[], digest: DigestName = "sha256"): string {
  const files = parts.map(({ name, bytes = Buffer.alloc(0) }) => {
    const blocks = [];
    for (let at = 0; at < bytes.length; at += 65_536)
      blocks.push(
        createHash(digest)
          .update(bytes.subarray(at, at + 65_536))
          .digest("base64"),
      );
    const listed = blocks.map((hash) => `<Block Hash="${hash}" Size="1"/>`).join("");
    const fileName = decodeURIComponent(String(name)).replaceAll("/", "\\");
    return `<File Name="${fileName}" Size="${bytes.length}" LfhSize="${30 + Buffer.byteLength(name)}">${listed}</File>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><BlockMap xmlns="http://schemas.microsoft.com/appx/2010/blockmap" HashMethod="${METHODS[digest]}">${files.join("")}</BlockMap>`;
}

/** The members of a small package, without a signature. */
export function packageParts(change: { publisher?: string; digest?: DigestName } = {}): Part[] {
  const payload: Part[] = [
    { name: "App%20Demo.exe", bytes: CONTENT },
    { name: "Assets/logo.png", bytes: Buffer.from("no picture"), method: 0 },
    { name: "AppxManifest.xml", bytes: Buffer.from(manifestOf(change.publisher)) },
  ];
  return [
    ...payload,
    { name: "AppxBlockMap.xml", bytes: Buffer.from(blockMapOf(payload, change.digest)) },
    { name: "[Content_Types].xml", bytes: Buffer.from(TYPES) },
  ];
}

export type PackageSigning = Partial<AuthenticodeRequest> & {
  readonly signer: IssuedCertificate;
  readonly frame?: Frame;
  /** Changes the signature's member. */
  readonly member?: Partial<Part>;
};

/** @returns the archive with its signature as the last member */
export async function signPackage(parts: readonly Part[], signing: PackageSigning): Promise<Buffer> {
  const { frame, member, ...request } = signing;
  const digest = request.digest ?? "sha256";
  const withSignature = (bytes: Buffer) =>
    buildZip([...parts, { name: "AppxSignature.p7x", bytes, ...member }], frame);
  const source = sourceOf(withSignature(Buffer.from("PKCX")));
  const zip = await openZipLookup(source, testBudget());
  const signature = zip.entries.at(-1);
  if (signature === undefined) throw new Error("there is no signature");
  const digests = await packageDigests({ source, zip, signature }, new Set([digest]), testBudget());
  const fileDigest = digests.get(digest) ?? Buffer.alloc(0);
  const der = signAuthenticode({ subject: "msi", fileDigest, ...request });
  return withSignature(Buffer.concat([Buffer.from("PKCX"), der]));
}

/** A part as a tool that edits archives in place leaves it: packed with spare bytes behind. */
export const paddedPart = (bytes: Buffer, spareBytes: number): Partial<Part> => ({
  packed: Buffer.concat([deflateRawSync(bytes), Buffer.alloc(spareBytes)]),
});
