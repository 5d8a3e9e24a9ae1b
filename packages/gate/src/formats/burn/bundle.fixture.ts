/** Builds WiX bundles: a stub with its section, then containers. Source: WiX Toolset, src/burn/engine. @module */

import { createHash } from "node:crypto";
import { buildPeImage, writeCabinet } from "../../replica/index.ts";
import { withSection } from "../pe/section.fixture.ts";

export interface BundleRequest {
  /** By their places in the bundle's cache, with backslashes. */
  readonly application: Readonly<Record<string, Buffer>>;
  readonly payloads: Readonly<Record<string, Buffer>>;
  /** Of the engine, from before the containers were attached. */
  readonly signature?: Buffer;
  /** The namespace of version 4 and its longer hashes. */
  readonly isModern?: boolean;
  /** In place of the right one, for each payload. */
  readonly hash?: string;
  readonly manifest?: string;
}

interface Files {
  readonly elements: string;
  readonly files: { readonly name: string; readonly content: Buffer }[];
}

function describe(files: Readonly<Record<string, Buffer>>, prefix: string, request: BundleRequest): Files {
  const described = Object.entries(files).map(([path, content], index) => ({
    path,
    content,
    name: prefix + index,
  }));
  const algorithm = request.isModern ? "sha512" : "sha1";
  const container = prefix === "a" ? ' Container="WixAttachedContainer"' : "";
  const elements = described.map(({ path, content, name }) => {
    const hash = request.hash ?? createHash(algorithm).update(content).digest("hex").toUpperCase();
    const where = `Packaging="embedded" SourcePath="${name}"${container}`;
    return `<Payload Id="${name}" FilePath="${path}" FileSize="${content.length}" Hash="${hash}" ${where} />`;
  });
  return { elements: elements.join(""), files: described.map(({ name, content }) => ({ name, content })) };
}

export function buildContainers(request: BundleRequest): { application: Buffer; attached: Buffer } {
  const application = describe(request.application, "u", request);
  const payloads = describe(request.payloads, "a", request);
  const namespace = request.isModern
    ? "http://wixtoolset.org/schemas/v4/2008/Burn"
    : "http://schemas.microsoft.com/wix/2008/Burn";
  const manifest = `<?xml version="1.0" encoding="utf-8"?><BurnManifest xmlns="${namespace}"><UX PrimaryPayloadId="u0">${application.elements}</UX><Container Id="WixAttachedContainer" FilePath="setup.exe" AttachedIndex="1" Attached="yes" Primary="yes" />${payloads.elements}<Registration Id="{0}" ExecutableName="setup.exe" PerMachine="yes" Version="1.2.3.0"><Arp Register="yes" DisplayName="Demo Bundle" DisplayVersion="1.2.3.0" Publisher="Example" /></Registration></BurnManifest>`;
  const content = Buffer.from(request.manifest ?? manifest);
  return {
    application: writeCabinet({ files: [{ name: "0", content }, ...application.files] }),
    attached: writeCabinet({ files: payloads.files }),
  };
}

export function buildBundle(
  request: BundleRequest,
  change: (section: Buffer) => void = () => undefined,
): Buffer {
  const { application, attached } = buildContainers(request);
  const section = Buffer.alloc(56);
  const stub = () => withSection(buildPeImage(), ".wixburn", section);
  const stubBytes = stub().length;
  const signature = request.signature ?? Buffer.alloc(0);
  section.writeUInt32LE(0x00f1_4300, 0);
  section.writeUInt32LE(request.isModern ? 3 : 2, 4);
  section.writeUInt32LE(stubBytes, 24);
  section.writeUInt32LE(signature.length === 0 ? 0 : stubBytes + application.length, 32);
  section.writeUInt32LE(signature.length, 36);
  section.writeUInt32LE(1, 40);
  section.writeUInt32LE(2, 44);
  section.writeUInt32LE(application.length, 48);
  section.writeUInt32LE(attached.length, 52);
  change(section);
  return Buffer.concat([stub(), application, signature, attached]);
}
