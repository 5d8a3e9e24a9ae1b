/**
 * Windows programs made in code: harmless bytes in honest headers, for the replica and for tests. They are looked at,
 * not run. Sources: Microsoft, PE Format; VERSIONINFO resource; Windows Authenticode PE Signature Format.
 * @module
 */

import { createHash } from "node:crypto";
import { type AuthenticodeRequest, signAuthenticode } from "./authenticode-signer.ts";
import { buildVersionResource } from "./version-resource.ts";

export interface PeImageRequest {
  /** Default `pe32+`. */
  readonly magic?: "pe32" | "pe32+";
  /** IMAGE_SUBSYSTEM_*: 3 is a console program (default), 10 an EFI application. */
  readonly subsystem?: number;
  /** Shown by Explorer: `CompanyName`, `ProductName`, `FileVersion`, `OriginalFilename`. */
  readonly version?: Readonly<Record<string, string>>;
  /** GUID of the CodeView record, 16 bytes as they stand in the file. */
  readonly buildGuid?: Uint8Array;
  /** What the program's text section holds. */
  readonly content?: Uint8Array;
  /** Behind the last section. */
  readonly overlay?: Uint8Array;
}

const FILE_ALIGNMENT = 512;
const SECTION_ALIGNMENT = 4096;
const PE_OFFSET = 0x80;
const HEADERS_BYTES = 1024;

/** A whole unsigned image. Equal requests give equal bytes. */
export function buildPeImage(request: PeImageRequest = {}): Buffer {
  const text = request.content ?? Buffer.from("This program does nothing.\r\n", "latin1");
  const sections: SectionContent[] = [{ name: ".text", bytes: Buffer.from(text), flags: 0x6000_0020 }];
  const debugAddress = SECTION_ALIGNMENT * 2;
  if (request.buildGuid !== undefined)
    sections.push({
      name: ".rdata",
      bytes: buildDebugData(request.buildGuid, fileBytes(sections[0]?.bytes)),
      flags: 0x4000_0040,
    });
  const resourceAddress = SECTION_ALIGNMENT * (sections.length + 1);
  if (request.version !== undefined)
    sections.push({
      name: ".rsrc",
      bytes: buildVersionResource(request.version, resourceAddress),
      flags: 0x4000_0040,
    });
  const headers = buildHeaders(request, sections);
  const directories = PE_OFFSET + 24 + (request.magic === "pe32" ? 96 : 112);
  if (request.version !== undefined)
    writeDirectory(headers, directories + 16, resourceAddress, sections.at(-1)?.bytes.length ?? 0);
  if (request.buildGuid !== undefined) writeDirectory(headers, directories + 48, debugAddress, 28);
  return Buffer.concat([
    headers,
    ...sections.map(({ bytes }) => pad(bytes, FILE_ALIGNMENT)),
    request.overlay ?? Buffer.alloc(0),
  ]);
}

/** One WIN_CERTIFICATE's content, and what to get wrong around it. */
export interface TableEntry {
  readonly pkcs7: Uint8Array;
}

/**
 * Puts a certificate table behind an image, as signing tools do: the image filled up to a multiple of 8, then the
 * entries, then directory and checksum.
 */
export function withCertificateTable(image: Uint8Array, entries: readonly TableEntry[]): Buffer {
  const body = pad(withoutCertificateTable(image), 8);
  const table = Buffer.concat(entries.map(({ pkcs7 }) => writeEntry(pkcs7)));
  const file = Buffer.concat([body, table]);
  writeDirectory(file, securityDirectoryOffset(file), entries.length === 0 ? 0 : body.length, table.length);
  return withChecksum(file);
}

/** Sets the checksum that the headers should have. */
export function withChecksum(image: Uint8Array): Buffer {
  const file = Buffer.from(image);
  const at = file.readUInt32LE(0x3c) + 24 + 64;
  file.writeUInt32LE(0, at);
  let sum = 0;
  for (let offset = 0; offset < file.length; offset += 2) {
    sum += offset + 1 < file.length ? file.readUInt16LE(offset) : (file[offset] ?? 0);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  file.writeUInt32LE(sum + file.length, at);
  return file;
}

/** The Authenticode digest of an image, computed apart from the verifier so that each checks the other. */
export function imageDigest(image: Uint8Array, algorithm: string): Buffer {
  const file = pad(withoutCertificateTable(image), 8);
  const checksum = file.readUInt32LE(0x3c) + 24 + 64;
  const directory = securityDirectoryOffset(file);
  return createHash(algorithm)
    .update(file.subarray(0, checksum))
    .update(file.subarray(checksum + 4, directory))
    .update(file.subarray(directory + 8))
    .digest();
}

/** Signs an image; what it carried as signatures before is replaced. */
export function signPe(
  image: Uint8Array,
  request: Omit<AuthenticodeRequest, "subject" | "fileDigest">,
): Buffer {
  const fileDigest = imageDigest(image, request.digest ?? "sha256");
  return withCertificateTable(image, [
    { pkcs7: signAuthenticode({ ...request, subject: "pe", fileDigest }) },
  ]);
}

function withoutCertificateTable(image: Uint8Array): Buffer {
  const file = Buffer.from(image);
  const at = securityDirectoryOffset(file);
  const offset = file.readUInt32LE(at);
  writeDirectory(file, at, 0, 0);
  return offset === 0 ? file : file.subarray(0, offset);
}

function securityDirectoryOffset(file: Buffer): number {
  const optional = file.readUInt32LE(0x3c) + 24;
  return optional + (file.readUInt16LE(optional) === 0x10b ? 96 : 112) + 32;
}

function writeDirectory(file: Buffer, at: number, address: number, sizeBytes: number): void {
  file.writeUInt32LE(address, at);
  file.writeUInt32LE(sizeBytes, at + 4);
}

function writeEntry(pkcs7: Uint8Array): Buffer {
  const padded = pad(pkcs7, 8);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(padded.length + 8, 0);
  header.writeUInt16LE(0x0200, 4);
  header.writeUInt16LE(0x0002, 6);
  return Buffer.concat([header, padded]);
}

interface SectionContent {
  readonly name: string;
  readonly bytes: Buffer;
  readonly flags: number;
}

function buildHeaders(request: PeImageRequest, sections: readonly SectionContent[]): Buffer {
  const isWide = request.magic !== "pe32";
  const headers = Buffer.alloc(HEADERS_BYTES);
  headers.write("MZ", 0, "latin1");
  headers.writeUInt16LE(0x40, 0x18);
  headers.writeUInt32LE(PE_OFFSET, 0x3c);
  headers.write("PE\0\0", PE_OFFSET, "latin1");
  headers.writeUInt16LE(isWide ? 0x8664 : 0x14c, PE_OFFSET + 4);
  headers.writeUInt16LE(sections.length, PE_OFFSET + 6);
  const optionalBytes = (isWide ? 112 : 96) + 16 * 8;
  headers.writeUInt16LE(optionalBytes, PE_OFFSET + 20);
  headers.writeUInt16LE(isWide ? 0x0022 : 0x0102, PE_OFFSET + 22);
  const optional = headers.subarray(PE_OFFSET + 24);
  optional.writeUInt16LE(isWide ? 0x20b : 0x10b, 0);
  optional.writeUInt32LE(SECTION_ALIGNMENT, 16);
  if (isWide) optional.writeBigUInt64LE(0x1_4000_0000n, 24);
  else optional.writeUInt32LE(0x40_0000, 28);
  optional.writeUInt32LE(SECTION_ALIGNMENT, 32);
  optional.writeUInt32LE(FILE_ALIGNMENT, 36);
  optional.writeUInt16LE(6, 40);
  optional.writeUInt16LE(6, 48);
  optional.writeUInt32LE(SECTION_ALIGNMENT * (sections.length + 1), 56);
  optional.writeUInt32LE(HEADERS_BYTES, 60);
  optional.writeUInt16LE(request.subsystem ?? 3, 68);
  optional.writeUInt32LE(16, isWide ? 108 : 92);
  writeSectionTable(headers.subarray(PE_OFFSET + 24 + optionalBytes), sections);
  return headers;
}

function writeSectionTable(table: Buffer, sections: readonly SectionContent[]): void {
  let offset = HEADERS_BYTES;
  for (const [index, { name, bytes, flags }] of sections.entries()) {
    const row = table.subarray(index * 40);
    row.write(name, 0, "latin1");
    row.writeUInt32LE(bytes.length, 8);
    row.writeUInt32LE(SECTION_ALIGNMENT * (index + 1), 12);
    row.writeUInt32LE(fileBytes(bytes), 16);
    row.writeUInt32LE(offset, 20);
    row.writeUInt32LE(flags, 36);
    offset += fileBytes(bytes);
  }
}

/** A debug directory with one CodeView record right behind it. */
function buildDebugData(guid: Uint8Array, textBytes: number): Buffer {
  const directory = Buffer.alloc(28);
  const record = Buffer.concat([
    Buffer.from("RSDS", "latin1"),
    guid,
    Buffer.from([1, 0, 0, 0]),
    Buffer.from("program.pdb\0", "latin1"),
  ]);
  directory.writeUInt32LE(2, 12);
  directory.writeUInt32LE(record.length, 16);
  directory.writeUInt32LE(SECTION_ALIGNMENT * 2 + 28, 20);
  directory.writeUInt32LE(HEADERS_BYTES + textBytes + 28, 24);
  return Buffer.concat([directory, record]);
}

const fileBytes = (bytes: Buffer | undefined): number =>
  Math.ceil((bytes?.length ?? 0) / FILE_ALIGNMENT) * FILE_ALIGNMENT;

function pad(bytes: Uint8Array, multiple: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((multiple - (bytes.length % multiple)) % multiple)]);
}
