/**
 * How the records of each version are laid out: how many strings lead them, how many bytes follow. A string says its
 * own length, so that the strings of a record can be counted instead of told apart.
 * Source: Inno Setup, Projects/Struct.pas (5.4.3) and Projects/Src/Shared.Struct.pas (6.4.1, 6.5.2); for versions
 * between and after them, the differences that innoextract 1.9 records in src/setup, and, from 6.5 on, published
 * readers of that format. What was compiled and compared: 5.5.6, 5.5.7, 6.0.0, 6.1.0, 6.3.0, 6.4.0.1.
 * @module
 */

import { ArtifactError } from "@sallyport/core";

export interface Version {
  /** As the header says it: `5.5.7 (u)`. */
  readonly text: string;
  readonly numbers: readonly number[];
  readonly isUnicode: boolean;
}

export interface RecordLayout {
  readonly strings: number;
  readonly tailBytes: number;
}

export type Digest = "md5" | "sha1" | "sha256";

export interface Layout {
  /** Behind the version's name, from 6.5 on: what is encrypted and how. */
  readonly encryptionBytes: number;
  /** Of the size in front of each compressed block. */
  readonly blockSizeBytes: 4 | 8;
  readonly header: {
    readonly strings: number;
    /** Place of these among the strings. */
    readonly versionAt: number;
    /** A set of characters, in ANSI versions. */
    readonly leadBytes: number;
    readonly counts: number;
    readonly toMethodBytes: number;
    readonly afterMethodBytes: number;
  };
  /** Languages, messages, permissions, types, components, tasks, folders, and from 6.5 on keys: what stands before files. */
  readonly tables: readonly RecordLayout[];
  readonly file: {
    readonly strings: number;
    readonly toLocationBytes: number;
    readonly afterLocationBytes: number;
  };
  readonly location: {
    readonly sizeBytes: number;
    readonly startBytes: 4 | 8;
    readonly digest: Digest;
    readonly flags: { readonly calls: number; readonly encrypted: number; readonly compressed: number };
  };
  readonly callFilter: "stream" | "blocks" | "blocks-signed";
}

const OLDEST = [5, 1];
const NEWEST = [7, 0, 0, 3];
const VERSION_NAME = /^Inno Setup Setup Data \((\d{1,3}(?:\.\d{1,3}){2,3})\)( \([uU]\))?$/;

/**
 * @param name - 64 bytes, filled up with zeros
 * @throws {@link ArtifactError} `artifact.unsupported` for a version whose layout is not known, by its name
 */
export function readVersion(name: Buffer): Version {
  const end = name.indexOf(0);
  const text = name.toString("latin1", 0, end < 0 ? name.length : end);
  const [, digits, mark] = VERSION_NAME.exec(text) ?? [];
  if (digits === undefined || name.subarray(text.length).some((byte) => byte !== 0)) throw unsupported(text);
  const numbers = digits.split(".").map(Number);
  if (compare(numbers, OLDEST) < 0 || compare(numbers, NEWEST) > 0) throw unsupported(text);
  return {
    text: `${digits}${mark ?? ""}`,
    numbers,
    isUnicode: mark !== undefined || compare(numbers, [6, 3]) >= 0,
  };
}

const unsupported = (name: string): ArtifactError =>
  new ArtifactError(
    "artifact.unsupported",
    `Inno Setup: ${JSON.stringify(name)} is no version that can be opened`,
  );

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < 4; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function layoutOf({ numbers, isUnicode }: Version): Layout {
  const since = (...from: number[]): boolean => compare(numbers, from) >= 0;
  return {
    encryptionBytes: since(6, 5) ? 4 + 49 : 0,
    blockSizeBytes: since(6, 7) ? 8 : 4,
    header: headerLayout(since, isUnicode),
    tables: tableLayouts(since, isUnicode),
    file: {
      strings: since(6, 5) ? 16 : since(5, 2, 5) ? 10 : 9,
      toLocationBytes: since(6, 5) ? 33 + 20 : 20,
      afterLocationBytes: 14 + (since(7) ? 1 : 0) + (since(6, 7) ? 8 : since(6, 5) ? 5 : 4) + 1,
    },
    location: locationLayout(since),
    callFilter: since(5, 3, 9) ? "blocks-signed" : since(5, 2) ? "blocks" : "stream",
  };
}

type Since = (...from: number[]) => boolean;

function headerLayout(since: Since, isUnicode: boolean): Layout["header"] {
  const toSlices = since(6, 7)
    ? 65
    : since(6, 6, 1)
      ? 55
      : since(6, 6)
        ? 54
        : since(6, 5, 2)
          ? 46
          : since(6, 5)
            ? 38
            : since(6, 4)
              ? 86
              : since(6)
                ? 74
                : 20 + (since(5, 5, 7) ? 9 : 12) + (since(5, 3, 9) ? 20 : 16) + 8 + 8;
  return {
    strings: headerStrings(since),
    versionAt: since(5, 1, 13) ? 9 : 8,
    leadBytes: isUnicode ? 0 : 32,
    counts: since(6, 5) ? 17 : 16,
    toMethodBytes: (since(7) ? 4 : 0) + toSlices + 4 + (since(6) ? 6 : 5),
    afterMethodBytes: afterMethod(since),
  };
}

/** All of them say their length, texts and bytes alike. */
function headerStrings(since: Since): number {
  if (since(6, 7)) return 43;
  if (since(6, 5)) return 38;
  if (since(6, 4, 2)) return 37;
  if (since(6, 3)) return 36;
  const added = [since(5, 1, 13), since(5, 2, 1) && !since(5, 3, 10), since(5, 3, 8), since(5, 3, 10)];
  const later = [since(5, 5), since(5, 5, 6), since(5, 6, 1), since(5, 6, 1)];
  return 27 + [...added, ...later].filter(Boolean).length;
}

/** Architectures, the uninstaller's signature, pages, size, and the set of options. */
function afterMethod(since: Since): number {
  if (since(6, 7)) return 18;
  const architectures = since(6, 3) ? 0 : 2;
  const signature = since(5, 2, 1) && !since(5, 3, 10) ? 8 : 0;
  const pages = since(5, 3, 3) ? 2 : 0;
  const size = since(5, 5) ? 8 : since(5, 3, 6) ? 4 : 0;
  const options = since(6, 3) && !since(6, 4) ? 7 : 6;
  return architectures + signature + pages + size + options;
}

function tableLayouts(since: Since, isUnicode: boolean): RecordLayout[] {
  const codePage = isUnicode && since(5, 3) ? 0 : 4;
  const isBare = since(6, 7);
  return [
    since(6, 6)
      ? { strings: 8, tailBytes: 19 }
      : { strings: 10, tailBytes: 20 + codePage + (since(5, 2, 3) ? 1 : 0) },
    { strings: 2, tailBytes: 4 },
    { strings: 1, tailBytes: 0 },
    { strings: 4, tailBytes: 30 },
    { strings: 5, tailBytes: isBare ? 39 : 42 },
    { strings: 6, tailBytes: isBare ? 23 : 26 },
    { strings: 7, tailBytes: 27 },
    ...(since(6, 5) ? [{ strings: 3, tailBytes: 0 }] : []),
  ];
}

function locationLayout(since: Since): Layout["location"] {
  const digest = since(6, 4) ? "sha256" : since(5, 3, 9) ? "sha1" : "md5";
  const digestBytes = { md5: 16, sha1: 20, sha256: 32 }[digest];
  const startBytes = since(6, 5, 2) ? 8 : 4;
  const isShort = since(6, 4, 3);
  const flagBytes = isShort || !since(5, 1, 13) ? 1 : 2;
  const signBytes = since(6, 3) && !isShort ? 1 : 0;
  return {
    sizeBytes: 8 + startBytes + 24 + digestBytes + 16 + flagBytes + signBytes,
    startBytes,
    digest,
    flags: isShort
      ? { calls: 0x04, encrypted: 0x08, compressed: 0x10 }
      : { calls: 0x10, encrypted: 0x40, compressed: 0x80 },
  };
}
