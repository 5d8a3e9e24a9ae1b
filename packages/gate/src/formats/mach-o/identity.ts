/**
 * What one Mach-O file or slice says of itself.
 * Source: Apple, mach-o/loader.h, `dylib_command`, `uuid_command`, `source_version_command`; the Info.plist that
 * linkers embed as `__TEXT,__info_plist`.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import type { LoadCommand, MachHeaders } from "./headers.ts";
import { architectureOf } from "./processors.ts";
import { MAX_PROPERTY_LIST_BYTES, readPropertyString } from "./property-list.ts";
import { readSegments } from "./segments.ts";

const LC = { idDylib: 0x0d, uuid: 0x1b, sourceVersion: 0x2a } as const;
const MAX_NAME_BYTES = 512;

/** @throws {@link ArtifactError} `artifact.malformed` when a segment command is too small for its kind */
export async function identifyThin(source: ByteSource, headers: MachHeaders): Promise<Identity> {
  const find = (wanted: number): LoadCommand | undefined =>
    headers.commands.find(({ type }) => type === wanted);
  const library = readLibrary(headers, find(LC.idDylib));
  const list = await readInfoList(source, headers);
  const bundle = (key: string): string | undefined => readPropertyString(list, key);
  const version = bundle("CFBundleShortVersionString") ?? library.version;
  return {
    ...claim("product", bundle("CFBundleName") ?? bundle("CFBundleIdentifier")),
    ...claim("version", version ?? readSourceVersion(headers, find(LC.sourceVersion))),
    ...claim("originalName", library.name ?? bundle("CFBundleIdentifier")),
    architecture: architectureOf(headers.processor),
    ...claim("buildId", readUuid(find(LC.uuid))),
  };
}

/** `dylib_command`: the name's offset from the start of the command, a time, two versions. */
function readLibrary(
  { words }: MachHeaders,
  command: LoadCommand | undefined,
): { name?: string; version?: string } {
  if (command === undefined || command.bytes.length < 24) return {};
  const { bytes } = command;
  const version = words.word(bytes, 16);
  const start = words.word(bytes, 8);
  const end = bytes.indexOf(0, start);
  return {
    ...(version > 0 && { version: `${version >>> 16}.${(version >>> 8) & 0xff}.${version & 0xff}` }),
    ...(start >= 24 &&
      end > start && { name: bytes.toString("utf8", start, Math.min(end, start + MAX_NAME_BYTES)) }),
  };
}

const readUuid = (command: LoadCommand | undefined): string | undefined =>
  command === undefined || command.bytes.length < 24 ? undefined : command.bytes.toString("hex", 8, 24);

/** A.B.C.D.E packed as 24, 10, 10, 10 and 10 bits; trailing zeros beyond A.B are not shown. */
function readSourceVersion({ words }: MachHeaders, command: LoadCommand | undefined): string | undefined {
  if (command === undefined || command.bytes.length < 16) return undefined;
  const [low, high] = words.littleEndian ? [8, 12] : [12, 8];
  const [lower, upper] = [words.word(command.bytes, low), words.word(command.bytes, high)];
  const fields = [
    upper >>> 8,
    ((upper & 0xff) << 2) | (lower >>> 30),
    (lower >>> 20) & 0x3ff,
    (lower >>> 10) & 0x3ff,
    lower & 0x3ff,
  ];
  const last = fields.findLastIndex((field) => field > 0);
  return last < 0 ? undefined : fields.slice(0, Math.max(2, last + 1)).join(".");
}

/** @returns the embedded list's text, empty when there is none or it is not in the file */
async function readInfoList(source: ByteSource, headers: MachHeaders): Promise<string> {
  const text = readSegments(headers).find(({ name }) => name === "__TEXT");
  const section = text?.sections.find(({ name }) => name === "__info_plist");
  if (section === undefined) return "";
  const { offsetBytes, sizeBytes } = section;
  if (sizeBytes > MAX_PROPERTY_LIST_BYTES || offsetBytes + sizeBytes > source.sizeBytes) return "";
  return (await readExactly(source, offsetBytes, sizeBytes, "Mach-O: embedded Info.plist")).toString("utf8");
}

function claim<Name extends keyof Identity>(name: Name, value: string | undefined): Pick<Identity, Name> {
  return (value === undefined || value === "" ? {} : { [name]: value }) as Pick<Identity, Name>;
}
