/**
 * Libraries and runtimes that keep their version as a bare text, and are known by the name of their file: the name says
 * which text it is. Where several such texts stand in one file, none is believed.
 * Sources: each row names the library's own.
 * @module
 */

import { readExactly } from "@sallyport/core";
import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { cpeOf } from "../platform-name.ts";
import { EXECUTABLES } from "../sections.ts";
import { type NamedLibrary, namedLibraries } from "./libraries.ts";

const FOUND_BY = "named-library";
const MAX_BYTES = 32 * 1024 * 1024;

export const namedLibrary: ComponentFinder = {
  id: FOUND_BY,
  question: "Which version of a well-known library is the file of that name?",
  document: "the libraries' own sources, each named in its row",
  wants: ({ path, format, sizeBytes }) =>
    EXECUTABLES.has(format) && sizeBytes <= MAX_BYTES && libraryOf(path) !== undefined,
  async find(source, { path }) {
    const library = libraryOf(path);
    if (library === undefined) return undefined;
    const text = (await readExactly(source, 0, source.sizeBytes, path)).toString("latin1");
    const line = library.file.exec(nameOf(path))?.[1];
    const versions = new Set(
      [...text.matchAll(library.version)].flatMap(([, version]) => version ?? []).filter(isOfLine(line)),
    );
    const [version] = versions;
    if (version === undefined || versions.size > 1) return undefined;
    const { product, vendor, type, cpe } = library;
    return {
      components: [
        declare({
          foundBy: FOUND_BY,
          product,
          vendor,
          version,
          type,
          confidence: "marked",
          identifiers: [
            cpeOf({ vendor: cpe[0], product: cpe[1], version }),
            purlOf({ type: "generic", name: cpe[1], version }),
          ],
        }),
      ],
    };
  },
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const libraryOf = (path: string): NamedLibrary | undefined => {
  const name = nameOf(path);
  return namedLibraries.find(({ file }) => file.test(name));
};

/** The name of the file may tell the line of releases: `libpython3.11.so`. */
const isOfLine =
  (line: string | undefined) =>
  (version: string): boolean =>
    line === undefined || version.startsWith(`${line}.`);
