/**
 * Files that say how a program is built, told by their names. They run on the machine of whoever builds, and nobody reads what
 * tools wrote of them: that is where the backdoor of xz-utils was let in.
 * Sources: GNU Autoconf and Automake manuals; CMake, Meson, gyp, SCons, Bazel, Gradle, MSBuild and Cargo documentation; Debian
 * Policy 4.9; CVE-2024-3094.
 * @module
 */

const NAMES =
  /^(?:configure(?:\.ac|\.in)?|config\.(?:status|rpath|guess|sub)|(?:gnu)?makefile(?:\.(?:am|in|inc|common|local|pre))?|ltmain\.sh|autogen(?:\.sh)?|bootstrap(?:\.sh)?|cmakelists\.txt|cmakepresets\.json|meson(?:_options)?\.(?:build|txt|options)|sconstruct|sconscript|wscript|build(?:\.bazel|\.rs|\.zig|\.sh|\.xml)?|workspace(?:\.bazel)?|module\.bazel|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|rakefile|extconf\.rb|pkgbuild|rules|justfile|jamroot|jamfile|kbuild|setup\.py|directory\.build\.(?:props|targets))$/;
const ENDINGS =
  /\.(?:m4|am|ac|mk|mak|cmake|cmake\.in|gyp|gypi|bzl|pro|pri|vcxproj|csproj|props|targets|spec|gn|gni|ninja)$/;

export function isGlue(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (name === "rules" || name === "build") return /(?:^|\/)debian\/rules$|(?:^|\/)BUILD$/.test(path);
  return NAMES.test(name) || ENDINGS.test(name);
}

/** Folders whose files take part in tests and documents, not in what is built. */
const ASIDE =
  /(?:^|\/)(?:tests?|testing|test[-_]?(?:data|files|cases|suite|vectors)|t|spec|fixtures?|samples?|examples?|corpus|corpora|data|vectors?|docs?|doc|assets|images|contrib|extras?|fuzz\w*|seeds?)\//i;

export const isAside = (path: string): boolean => ASIDE.test(path);

/** Formats that no source is written in. */
const BINARY: ReadonlySet<string> = new Set([
  "elf",
  "mach-o",
  "pe",
  "ar",
  "xz",
  "gzip",
  "bzip2",
  "zstd",
  "lzma",
  "lzip",
  "lz4",
  "compress",
  "7z",
  "zip",
]);
const OBJECTS: ReadonlySet<string> = new Set(["elf", "mach-o", "pe", "ar"]);

export const isBinaryFormat = (format: string): boolean => BINARY.has(format);
export const isObjectFormat = (format: string): boolean => OBJECTS.has(format);
