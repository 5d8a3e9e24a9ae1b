/** Files by their names, and the bare text that is their version. @module */

export interface NamedLibrary {
  readonly product: string;
  readonly vendor: string;
  readonly type: "framework" | "library";
  /** Vendor and product in the CPE dictionary of NVD. */
  readonly cpe: readonly [vendor: string, product: string];
  /** Last part of the path; the first group, where there is one, is the line of releases. */
  readonly file: RegExp;
  /** A text of its own between zeros; the first group is the version. */
  readonly version: RegExp;
  readonly source: string;
}

export const namedLibraries: readonly NamedLibrary[] = [
  {
    product: "Python",
    vendor: "Python Software Foundation",
    type: "framework",
    cpe: ["python", "python"],
    file: /^(?:libpython|python|Python)(3\.\d{1,2})?(?:d|m|t)?(?:\.so(?:\.1\.0)?|\.dylib)?$/,
    version: /\0(3\.\d{1,2}\.\d{1,2})(?:\+|rc\d)?(?=\0)/g,
    source: "https://github.com/python/cpython/blob/main/Include/patchlevel.h",
  },
  {
    product: "SQLite",
    vendor: "SQLite",
    type: "library",
    cpe: ["sqlite", "sqlite"],
    file: /^(?:lib)?sqlite3(?:\.\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)?$/,
    version: /\0(3\.\d{1,2}\.\d{1,2}(?:\.\d)?)(?=\0)/g,
    source: "https://www.sqlite.org/c3ref/libversion.html",
  },
  {
    product: "Zstandard",
    vendor: "Meta",
    type: "library",
    cpe: ["facebook", "zstandard"],
    file: /^libzstd(?:\.\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)$/,
    version: /(?<![0-9A-Za-z.])(1\.\d\.\d{1,2})(?=\0)/g,
    source: "https://github.com/facebook/zstd/blob/dev/lib/zstd.h",
  },
  {
    product: "XZ Utils",
    vendor: "Tukaani Project",
    type: "library",
    cpe: ["tukaani", "xz"],
    file: /^liblzma(?:[.-]\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)$/,
    version: /\0(5\.\d\.\d{1,2})(?=\0)/g,
    source: "https://github.com/tukaani-project/xz/blob/master/src/liblzma/api/lzma/version.h",
  },
  {
    product: "PCRE2",
    vendor: "PCRE2 project",
    type: "library",
    cpe: ["pcre", "pcre2"],
    file: /^libpcre2-(?:8|16|32)(?:[.-]\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)$/,
    version: /\0(10\.\d{2}) 20\d\d-\d\d-\d\d(?=\0)/g,
    source: "https://github.com/PCRE2Project/pcre2/blob/main/src/config-cmake.h.in",
  },
  {
    product: "nghttp2",
    vendor: "nghttp2 project",
    type: "library",
    cpe: ["nghttp2", "nghttp2"],
    file: /^libnghttp2(?:[.-]\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)$/,
    version: /(?<![0-9A-Za-z.])(1\.\d{1,2}\.\d{1,2})(?=\0)/g,
    source: "https://github.com/nghttp2/nghttp2/blob/master/lib/includes/nghttp2/nghttp2ver.h.in",
  },
  {
    product: "LibYAML",
    vendor: "LibYAML project",
    type: "library",
    cpe: ["pyyaml", "libyaml"],
    file: /^libyaml(?:-0)?(?:[.-]\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)$/,
    version: /\0(0\.\d\.\d{1,2})(?=\0)/g,
    source: "https://github.com/yaml/libyaml/blob/master/src/api.c",
  },
  {
    product: "Libevent",
    vendor: "Libevent project",
    type: "library",
    cpe: ["libevent_project", "libevent"],
    file: /^libevent(?:_core)?(?:[.-]\d+)*(?:\.so(?:\.\d+)*|\.dylib|\.dll)$/,
    version: /\0(2\.\d\.\d{1,2})-(?:stable|beta)(?=\0)/g,
    source: "https://github.com/libevent/libevent/blob/master/CMakeLists.txt",
  },
];
