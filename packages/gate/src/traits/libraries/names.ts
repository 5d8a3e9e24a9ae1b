/** Which library another one took the place of. @module */

/**
 * What a library is called without versions, hashes and places: `libz.so.1.2.13`, `libz-6d7ffe3d.so.1`, `@rpath/libz.1.dylib`
 * and `/usr/lib/libz.dylib` are one.
 */
export function stemOf(library: string): string {
  const name = library.slice(library.lastIndexOf("/") + 1).toLowerCase();
  const bare = name.replace(/\.(?:dll|dylib|tbd|drv|ocx)$/, "").replace(/\.so(?:\.[\w.]+)?$/, "");
  return bare.replace(/[-_.]?(?:[0-9a-f]{8,64}|v?\d+)(?=$|[-_.])/g, "") || bare;
}
