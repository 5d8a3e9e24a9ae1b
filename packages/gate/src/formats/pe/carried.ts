/**
 * What a program carries behind itself, in one piece or in two: some installers put settings in front of their archive,
 * and makensis leaves relocations there.
 * @module
 */

import { type ByteSource, hasCode, RangeSource } from "@sallyport/core";
import { findBurnSection } from "../burn/section.ts";
import type { Member } from "../format.ts";
import { findOffsetTable } from "../inno/offset-table.ts";
import { findFirstHeader } from "../nsis/first-header.ts";
import { isDisplaced } from "./displaced.ts";
import type { FileRange, PeHeaders } from "./headers.ts";
import { findOverlay } from "./overlay.ts";
import { findSettings } from "./setup-settings.ts";

/** The overlay as a member, and what stands in front of what its installer reads. */
export async function* carriedMembers(source: ByteSource, headers: PeHeaders): AsyncGenerator<Member> {
  const overlay = await findOverlay(source, headers);
  if (overlay === undefined) return;
  const leading = await findLeading(source, headers, overlay);
  if (leading !== undefined) yield leading;
  const leadingBytes = leading?.range?.source.sizeBytes ?? 0;
  if (leadingBytes === overlay.sizeBytes) return;
  const knownFormat = await findInstaller(source, headers);
  yield {
    ...memberAt(source, "overlay", {
      offsetBytes: overlay.offsetBytes + leadingBytes,
      sizeBytes: overlay.sizeBytes - leadingBytes,
    }),
    isCarried: true,
    carrier: source,
    ...(knownFormat !== undefined && { knownFormat }),
  };
}

/** A range of the program, uncompressed. */
export function memberAt(source: ByteSource, name: string, { offsetBytes, sizeBytes }: FileRange): Member {
  const range = new RangeSource(source, offsetBytes, sizeBytes);
  return {
    name,
    claimedBytes: sizeBytes,
    range: { source: range, offsetInParentBytes: offsetBytes },
    content: () => range.stream(),
  };
}

async function findLeading(
  source: ByteSource,
  headers: PeHeaders,
  overlay: FileRange,
): Promise<Member | undefined> {
  const settings = await findSettings(source, overlay);
  if (settings !== undefined) return memberAt(source, "overlay-settings", settings);
  const { offsetBytes } = overlay;
  const header = await findFirstHeader(source, overlay);
  if (header === undefined || header === offsetBytes) return undefined;
  const member = memberAt(source, "overlay-leading", { offsetBytes, sizeBytes: header - offsetBytes });
  return isDisplaced(headers.sections, header - offsetBytes) ? member : { ...member, isCarried: true };
}

/** Installers whose stub says what stands behind it. */
async function findInstaller(source: ByteSource, headers: PeHeaders): Promise<string | undefined> {
  if (findBurnSection(headers) !== undefined) return "burn";
  try {
    return (await findOffsetTable(source, headers)) === undefined ? undefined : "inno";
  } catch (error) {
    // Resources that cannot be read say nothing.
    if (hasCode(error, "artifact.truncated", "artifact.malformed")) return undefined;
    throw error;
  }
}
