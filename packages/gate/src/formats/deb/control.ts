/**
 * What a Debian package says of itself: the fields of its control file, which lies in a tar inside the package.
 * Source: deb-control(5), deb822(5) of dpkg 1.21.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { bzip2 } from "../bzip2/index.ts";
import type { Format, Member, OpenContext } from "../format.ts";
import { gzip } from "../gzip/index.ts";
import { tar } from "../tar/index.ts";
import { xz } from "../xz/index.ts";
import { zstd } from "../zstd/index.ts";

const LARGEST_CONTROL_BYTES = 256 * 1024;
/** What may have to be unpacked before the control file comes. */
const MOST_READ_BYTES = 64 * 1024 * 1024;

/**
 * @param archive - the member `control.tar.*`
 * @returns undefined when there is no control file or it cannot be read: whoever opens the member finds out why
 */
export async function readIdentity(archive: Member, context: OpenContext): Promise<Identity | undefined> {
  try {
    const text = await readControl(archive, context);
    return text === undefined ? undefined : identityOf(text);
  } catch (error) {
    if (error instanceof ArtifactError && error.facts.limit !== "milliseconds") return undefined;
    throw error;
  }
}

async function readControl(archive: Member, context: OpenContext): Promise<string | undefined> {
  // Whatever is wrong with it is said when it is opened as a member.
  const quiet: OpenContext = {
    ...context,
    report: () => {},
    refineFormat: () => {},
    claimIdentity: () => {},
  };
  const bytes = archive.range?.source.stream() ?? archive.content();
  const head = Buffer.from((await archive.range?.source.read(0, 512)) ?? []);
  for await (const member of tar.openStream?.(unpack(bytes, head, quiet), quiet) ?? []) {
    if (member.name.replace(/^\.\//, "") !== "control") continue;
    if ((member.claimedBytes ?? 0) > LARGEST_CONTROL_BYTES) return undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of member.content()) pieces.push(Uint8Array.from(piece));
    return Buffer.concat(pieces).toString("utf8");
  }
  return undefined;
}

const COMPRESSORS: readonly Format[] = [gzip, xz, zstd, bzip2];

async function* unpack(
  bytes: AsyncIterable<Uint8Array>,
  head: Buffer,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  const glimpse = { head, tail: Buffer.alloc(0), sizeBytes: head.length };
  const format = COMPRESSORS.find((candidate) => candidate.recognise(glimpse));
  if (format === undefined) return yield* bytes;
  let readBytes = 0;
  for await (const member of format.openStream?.(bytes, context) ?? [])
    for await (const piece of member.content()) {
      readBytes += piece.length;
      if (readBytes > MOST_READ_BYTES) return;
      yield piece;
    }
}

/** The maker is who answers for the package: its maintainer, without the address. */
function identityOf(text: string): Identity {
  const fields = readFields(text);
  const company = fields.get("maintainer")?.replace(/ *<[^>]*>.*$/, "");
  return {
    ...field("product", fields.get("package")),
    ...field("version", fields.get("version")),
    ...field("architecture", fields.get("architecture")),
    ...field("company", company),
  };
}

const field = <Key extends keyof Identity>(key: Key, value: string | undefined): Identity =>
  value === undefined || value === "" ? {} : { [key]: value };

/** One paragraph of `Name: value`; lines that begin with a space continue the value before, and are not needed here. */
function readFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0 || line.startsWith(" ") || line.startsWith("\t") || line.startsWith("#")) continue;
    const name = line.slice(0, colon).toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
