/**
 * The list of files in a package's header: what rpm(8) goes by when it unpacks the payload.
 * Source: RPM 6.0, `lib/rpmfi.cc`; RPM manual, "RPM tags".
 * @module
 */

import type { ListedFile } from "../cpio/entries.ts";
import { malformed, type RpmHeader } from "./header.ts";
import { DIGEST_NAMES, TAG } from "./tags.ts";

const GHOST = 1 << 6;
const MD5 = 1;

export interface PackageFile extends ListedFile {
  /** Of a regular file, lower-case hex; empty when the header gives none. */
  readonly digest: string;
  readonly linkTarget: string;
  /** capabilities(7) as text: `= cap_net_raw+ep`. */
  readonly capabilities: string;
  /** Listed, and never in the payload. */
  readonly isGhost: boolean;
  /** The payload holds the content under another name of the same file. */
  readonly isLinkedLater: boolean;
}

export interface FileList {
  readonly files: readonly PackageFile[];
  /** As Node calls it; undefined for one that is not known here. */
  readonly digestName: string | undefined;
}

/** @throws {@link ArtifactError} `artifact.malformed` when the lists do not belong to each other */
export function readFileList(header: RpmHeader): FileList {
  const names = readNames(header);
  const numbers = (tag: number) => sameLength(header.numbers(tag), names.length);
  const texts = (tag: number) => sameLength(header.strings(tag), names.length);
  const modes = numbers(TAG.fileModes);
  const sizes = header.has(TAG.longFileSizes) ? numbers(TAG.longFileSizes) : numbers(TAG.fileSizes);
  const digests = texts(TAG.fileDigests);
  const targets = texts(TAG.fileLinkTargets);
  const flags = numbers(TAG.fileFlags);
  const inodes = numbers(TAG.fileInodes);
  const devices = numbers(TAG.fileDevices);
  if (names.length > 0 && (modes === undefined || sizes === undefined))
    throw malformed("files have no sizes");
  // What is only told must not keep the package from being opened.
  const times = header.numbers(TAG.fileTimes);
  const capabilities = header.strings(TAG.fileCapabilities);
  const lastOf = new Map<string, number>();
  const groups = names.map((_, at) => {
    const isFile = ((modes?.[at] ?? 0) & 0o170000) === 0o100000;
    if (!isFile || inodes === undefined || ((flags?.[at] ?? 0) & GHOST) !== 0) return undefined;
    const group = `${devices?.[at] ?? 0}:${inodes[at]}`;
    lastOf.set(group, at);
    return group;
  });
  const files = names.map((name, at) => {
    const group = groups[at];
    return {
      name,
      mode: modes?.[at] ?? 0,
      sizeBytes: sizes?.[at] ?? 0,
      digest: digests?.[at] ?? "",
      linkTarget: targets?.[at] ?? "",
      modifiedSeconds: times?.[at],
      capabilities: capabilities?.[at] ?? "",
      isGhost: ((flags?.[at] ?? 0) & GHOST) !== 0,
      isLinkedLater: group !== undefined && lastOf.get(group) !== at,
    };
  });
  return { files, digestName: DIGEST_NAMES[header.number(TAG.fileDigestAlgorithm) ?? MD5] };
}

/** Names as the payload has them: below the root, without a slash in front. */
function readNames(header: RpmHeader): readonly string[] {
  const whole = header.strings(TAG.oldFileNames);
  const bases = header.strings(TAG.baseNames);
  if (bases === undefined) return (whole ?? []).map(belowRoot);
  const folders = header.strings(TAG.folderNames) ?? [];
  const indexes = sameLength(header.numbers(TAG.folderIndexes), bases.length) ?? [];
  return bases.map((base, at) => {
    const folder = folders[indexes[at] ?? -1];
    if (folder === undefined) throw malformed("a file lies in no folder");
    return belowRoot(`${folder}${base}`);
  });
}

export const belowRoot = (name: string): string => name.replace(/^\.?\/+/, "");

function sameLength<Value>(
  values: readonly Value[] | undefined,
  length: number,
): readonly Value[] | undefined {
  if (values !== undefined && values.length !== length)
    throw malformed("the lists of files differ in length");
  return values;
}
