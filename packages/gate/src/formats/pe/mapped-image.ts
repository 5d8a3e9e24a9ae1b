/**
 * The image as the loader maps it, read by relative virtual address. Only what stands in the file is there: zeros that
 * the loader adds are not. Source: Microsoft, PE Format, "Section Table".
 * @module
 */

import { asBuffer, type ByteSource } from "@sallyport/core";
import { offsetOf } from "./address.ts";
import type { PeHeaders, Section } from "./headers.ts";

/** Windows loads no image with more than 96. Source: PE Format, "COFF File Header". */
export const MAX_MAPPED_SECTIONS = 256;

export class MappedImage {
  readonly source: ByteSource;
  readonly headers: PeHeaders;
  readonly isWide: boolean;

  constructor(source: ByteSource, headers: PeHeaders) {
    this.source = source;
    this.headers = { ...headers, sections: headers.sections.slice(0, MAX_MAPPED_SECTIONS) };
    this.isWide = headers.magic === "pe32+";
  }

  /** Up to `maxBytes` from an address to the end of what holds it; empty when nothing does. */
  async bytesAt(address: number, maxBytes: number): Promise<Buffer> {
    if (!Number.isSafeInteger(address) || address < 0) return Buffer.alloc(0);
    const offset = offsetOf(this.headers, address, 1);
    if (offset === undefined || offset >= this.source.sizeBytes) return Buffer.alloc(0);
    const section = this.sectionAt(address);
    const end = section === undefined ? this.source.sizeBytes : section.rawOffsetBytes + section.rawSizeBytes;
    return asBuffer(await this.source.read(offset, Math.max(0, Math.min(maxBytes, end - offset))));
  }

  /** A text of single bytes that a zero ends. @returns undefined when it does not end within `maxLength`, or is empty */
  async textAt(address: number, maxLength: number): Promise<string | undefined> {
    const bytes = await this.bytesAt(address, maxLength + 1);
    const end = bytes.indexOf(0);
    return end <= 0 ? undefined : bytes.toString("latin1", 0, end);
  }

  sectionAt(address: number): Section | undefined {
    return this.headers.sections[this.indexAt(address)];
  }

  /** By what the section takes in memory, or in the file when that is more. @returns -1 when no section holds it */
  indexAt(address: number): number {
    return this.headers.sections.findIndex(
      (section) =>
        address >= section.address &&
        address < section.address + Math.max(section.virtualSizeBytes, section.rawSizeBytes),
    );
  }

  /** A pointer of the image's width; it may be inexact beyond 2^53, where nothing is. */
  pointer(bytes: Buffer, offset: number): number {
    return this.isWide ? Number(bytes.readBigUInt64LE(offset)) : bytes.readUInt32LE(offset);
  }

  /** From a pointer as it stands in the file to a relative virtual address. */
  relative(pointer: number): number {
    return pointer - Number(this.headers.imageBase);
  }
}
