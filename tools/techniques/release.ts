/** A release while it is worked on: what is in it, and how it is packed. @module */

/**
 * - `windows`: signed programs and libraries in a zip
 * - `installer`: the same in an MSI
 * - `macos`: universal libraries in a zip
 * - `linux`: programs in a tar.gz
 * - `javascript`: an npm package
 * - `electron`: an asar
 * - `debian`: a .deb with programs
 * - `python`: a .deb with Python modules
 */
export type ReleaseKind =
  | "windows"
  | "installer"
  | "macos"
  | "linux"
  | "javascript"
  | "electron"
  | "debian"
  | "python";

export interface File {
  readonly bytes: Buffer;
  /** Permission bits, as chmod takes them. */
  readonly mode: number;
  readonly modifiedAt?: Date;
}

export interface Release {
  readonly kind: ReleaseKind;
  readonly name: string;
  readonly version: string;
  /** By path, with `/` between names. */
  readonly files: ReadonlyMap<string, File>;
  /** What an MSI has beside its files. */
  readonly installer?: InstallerExtras;
}

export interface InstallerExtras {
  readonly customActions?: readonly {
    readonly action: string;
    readonly type: number;
    readonly source: string;
    readonly target: string;
  }[];
  readonly services?: readonly { readonly name: string; readonly displayName: string }[];
  readonly streams?: readonly { readonly name: string; readonly content: Buffer }[];
}

/** @returns the release with a file added or replaced */
export function withFile(release: Release, path: string, bytes: Buffer | string, mode = 0o644): Release {
  const files = new Map(release.files);
  files.set(path, { bytes: Buffer.from(bytes), mode });
  return { ...release, files };
}

/** @returns the release with one file's bytes changed */
export function editFile(release: Release, path: string, edit: (bytes: Buffer) => Buffer): Release {
  const file = release.files.get(path);
  if (file === undefined) throw new Error(`${release.name} has no ${path}`);
  const files = new Map(release.files);
  files.set(path, { ...file, bytes: edit(Buffer.from(file.bytes)) });
  return { ...release, files };
}

export type FileKind = "pe" | "elf" | "mach-o" | "script" | "python";

const MARKS: Readonly<Record<FileKind, (path: string, bytes: Buffer) => boolean>> = {
  pe: (_, bytes) => bytes.length > 0x100 && bytes.readUInt16BE(0) === 0x4d5a,
  elf: (_, bytes) => bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f45_4c46,
  "mach-o": (_, bytes) => bytes.length > 32 && [0xcffa_edfe, 0xcafe_babe].includes(bytes.readUInt32BE(0)),
  script: (path) => /\.[cm]?js$/.test(path) && !/\.d\.[cm]?js$|(?:^|\/)main\.js$/.test(path),
  python: (path) => path.endsWith(".py"),
};

/** @returns the path of the largest file of a kind that both releases hold, or of this release alone */
export function mainFile(release: Release, kind: FileKind, other?: Release): string {
  const [found] = [...release.files]
    .filter(([path, { bytes }]) => MARKS[kind](path, bytes) && (other === undefined || other.files.has(path)))
    .toSorted(([, a], [, b]) => b.bytes.length - a.bytes.length);
  if (found === undefined) throw new Error(`${release.name} ${release.version} holds no ${kind} file`);
  return found[0];
}

export const filesOf = (release: Release, kind: FileKind): readonly string[] =>
  [...release.files].filter(([path, { bytes }]) => MARKS[kind](path, bytes)).map(([path]) => path);

export function fileBytes(release: Release, path: string): Buffer {
  const file = release.files.get(path);
  if (file === undefined) throw new Error(`${release.name} has no ${path}`);
  return file.bytes;
}

/** @returns the release with its `package.json` changed */
export function editManifest(
  release: Release,
  edit: (manifest: Record<string, unknown>) => Record<string, unknown>,
): Release {
  const path = "package.json";
  return editFile(release, path, (bytes) =>
    Buffer.from(`${JSON.stringify(edit(JSON.parse(bytes.toString("utf8"))), undefined, 2)}\n`),
  );
}
