/**
 * The table of contents of a xar archive: compressed XML that names every file and where in the heap its bytes lie.
 * Source: Apple, xar 1.8 and its wiki, "The xar archive format"; flat packages as `pkgutil` reads them.
 * @module
 */

import { createInflate } from "node:zlib";
import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { elementsOf, onlyElement, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import { FrontReader } from "../front-reader.ts";
import { decompressOne } from "../self-ending.ts";
import { readXarHeader, type XarHeader } from "./header.ts";

export interface XarTable {
  readonly header: XarHeader;
  /** As it stands in the file: what the checksum, and so the signature, is over. */
  readonly packed: Buffer;
  /** Where places in the heap are counted from. */
  readonly heapOffsetBytes: number;
  readonly checksum: HeapPlace | undefined;
  readonly signatures: readonly XarSignature[];
  /** Folders before what is in them. */
  readonly files: readonly XarFile[];
}

export interface HeapPlace {
  /** Digest or signature, as the table names it, lower case. */
  readonly style: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface XarSignature extends HeapPlace {
  /** `x-signature` instead of `signature`: old systems read past it. */
  readonly isExtended: boolean;
  /** DER of each, signer first. */
  readonly certificates: readonly Buffer[];
}

export interface XarFile {
  /** From the root, joined by `/`. */
  readonly path: string;
  /** `file`, `directory`, `symlink`, `hardlink`, … */
  readonly type: string;
  readonly linkTarget: string | undefined;
  readonly data: XarData | undefined;
  /** Of extended attributes: bytes in the heap that belong to the file as well. */
  readonly attributes: readonly XarData[];
}

export interface XarData {
  readonly offsetBytes: number;
  /** In the heap. */
  readonly archivedBytes: number;
  /** Unpacked. */
  readonly extractedBytes: number;
  /** A media type: `application/x-gzip`. */
  readonly encoding: string;
  readonly archivedChecksum: Checksum | undefined;
  readonly extractedChecksum: Checksum | undefined;
}

export interface Checksum {
  readonly style: string;
  readonly value: Buffer;
}

/** Packages with a hundred thousand files, which flat packages do not have, stay below. */
const MAX_TOC_BYTES = 64 * 1024 * 1024;
/** Folders in folders beyond what any system makes. */
const MAX_DEPTH = 90;
const MAX_PATH_CHARACTERS = 64 * 1024;

/** @throws {@link ArtifactError} of every code but `artifact.encrypted` */
export async function readXarTable(source: ByteSource, budget: Budget): Promise<XarTable> {
  const header = await readXarHeader(source);
  const { headerBytes, packedTocBytes, tocBytes } = header;
  if (tocBytes > MAX_TOC_BYTES || packedTocBytes > MAX_TOC_BYTES)
    throw new ArtifactError("artifact.over-limit", "xar: a table of contents larger than may be held");
  const packed = await readExactly(source, headerBytes, packedTocBytes, "xar: table of contents");
  const root = readXml(await inflate(packed, tocBytes, budget), { maxDepth: MAX_DEPTH + 10 });
  const toc = onlyElement(root, "toc");
  if (root.name !== "xar" || toc === undefined) throw malformed("its table of contents is none");
  return {
    header,
    packed,
    heapOffsetBytes: headerBytes + packedTocBytes,
    checksum: readChecksumPlace(toc),
    signatures: [
      ...elementsOf(toc, "signature").map((element) => readSignature(element, false)),
      ...elementsOf(toc, "x-signature").map((element) => readSignature(element, true)),
    ],
    files: elementsOf(toc, "file").flatMap((element) => readFile(element, "", 0)),
  };
}

async function inflate(packed: Buffer, tocBytes: number, budget: Budget): Promise<Buffer> {
  const reader = new FrontReader(piecesOf(packed));
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of decompressOne(reader, createInflate(), {
    budget,
    what: "xar: table of contents",
  })) {
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > tocBytes) break;
  }
  if (sizeBytes !== tocBytes || (await reader.upTo(1)).length > 0)
    throw malformed("its table of contents is not as long as its header says");
  return Buffer.concat(pieces);
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function readChecksumPlace(toc: XmlElement): HeapPlace | undefined {
  const [element, second] = elementsOf(toc, "checksum");
  if (second !== undefined) throw malformed("two checksums of the table of contents");
  return element && readPlace(element, "checksum");
}

const readPlace = (element: XmlElement, what: string): HeapPlace => ({
  style: (element.attributes.get("style") ?? "").toLowerCase(),
  offsetBytes: readNumber(element, "offset", what),
  sizeBytes: readNumber(element, "size", what),
});

function readSignature(element: XmlElement, isExtended: boolean): XarSignature {
  const certificates = elementsOf(element, "KeyInfo")
    .flatMap((info) => elementsOf(info, "X509Data"))
    .flatMap((data) => elementsOf(data, "X509Certificate"))
    .map(({ text }) => readBase64(text));
  return { ...readPlace(element, "signature"), isExtended, certificates };
}

function readFile(element: XmlElement, folder: string, depth: number): XarFile[] {
  if (depth > MAX_DEPTH) throw new ArtifactError("artifact.over-limit", "xar: folders nest too deeply");
  const path = folder + readName(element);
  if (path.length > MAX_PATH_CHARACTERS)
    throw new ArtifactError("artifact.over-limit", "xar: a name that is longer than any system takes");
  const [data, second] = elementsOf(element, "data");
  if (second !== undefined) throw malformed("a file has two contents");
  const link = elementsOf(element, "link")[0];
  const file: XarFile = {
    path,
    type: onlyElement(element, "type")?.text.trim() ?? "file",
    linkTarget: link?.text,
    data: data && readData(data),
    attributes: elementsOf(element, "ea")
      .filter((attribute) => elementsOf(attribute, "offset").length > 0)
      .map(readData),
  };
  return [file, ...elementsOf(element, "file").flatMap((inner) => readFile(inner, `${path}/`, depth + 1))];
}

function readName(element: XmlElement): string {
  const [name, second] = elementsOf(element, "name");
  if (name === undefined || second !== undefined) throw malformed("a file has no name, or two");
  return name.attributes.get("enctype") === "base64" ? readBase64(name.text).toString("utf8") : name.text;
}

function readData(element: XmlElement): XarData {
  const extractedBytes = readNumber(element, "size", "file");
  return {
    offsetBytes: readNumber(element, "offset", "file"),
    archivedBytes: readNumber(element, "length", "file"),
    extractedBytes,
    encoding: elementsOf(element, "encoding")[0]?.attributes.get("style") ?? "application/octet-stream",
    archivedChecksum: readChecksum(element, "archived-checksum"),
    extractedChecksum: readChecksum(element, "extracted-checksum"),
  };
}

function readChecksum(element: XmlElement, name: string): Checksum | undefined {
  const [checksum, second] = elementsOf(element, name);
  if (second !== undefined) throw malformed("a file has two checksums of one kind");
  if (checksum === undefined) return undefined;
  const text = checksum.text.trim();
  if (!/^(?:[0-9a-f]{2}){1,64}$/i.test(text))
    throw malformed("a checksum is not written in hexadecimal digits");
  return {
    style: (checksum.attributes.get("style") ?? "").toLowerCase(),
    value: Buffer.from(text, "hex"),
  };
}

function readNumber(element: XmlElement, name: string, what: string): number {
  const [number, second] = elementsOf(element, name);
  const text = number?.text.trim() ?? "";
  if (second !== undefined || !/^\d{1,15}$/.test(text)) throw malformed(`a ${what} has no ${name}, or two`);
  return Number(text);
}

function readBase64(text: string): Buffer {
  const plain = text.replaceAll(/[ \t\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) throw malformed("something is not written in base64");
  return Buffer.from(plain, "base64");
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `xar: ${what}`);
