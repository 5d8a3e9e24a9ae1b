/**
 * Modules of Go programs: the toolchain leaves their list in the program, also in one without symbols.
 * Source: Go, `debug/buildinfo` and `runtime/debug`, `BuildInfo.String`; modules that were replaced stand as what replaced them.
 * @module
 */

import { type ByteSource, type Component, readExactly } from "@sallyport/core";
import { declare } from "../declare.ts";
import type { ComponentFinder, Parts } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { EXECUTABLES, readSections } from "../sections.ts";

const FOUND_BY = "go-build";
/** Where linkers put it: a section of its own, on Windows among other data. */
const SECTIONS: ReadonlySet<string> = new Set([".go.buildinfo", "__go_buildinfo", ".data"]);
const MARK = Buffer.from("ff20476f206275696c64696e663a", "hex");
const MARK_ALIGNMENT = 16;
const INLINE = 2;
const HEADER_BYTES = 32;
/** The list of the largest programs comes to some hundred thousand bytes. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** The mark stands first in its section, or near the start of the data. */
const SEARCHED_BYTES = 1024 * 1024;
/** Stands before and behind the list. */
const SENTINEL_BYTES = 16;

export const goBuild: ComponentFinder = {
  id: FOUND_BY,
  question: "Which Go modules was it built from?",
  document: "Go, debug/buildinfo; runtime/debug, BuildInfo",
  wants: ({ format }) => EXECUTABLES.has(format),
  async find(source, { format }) {
    for (const section of await readSections(source, format)) {
      if (!SECTIONS.has(section.name)) continue;
      const sizeBytes = Math.min(section.sizeBytes, SEARCHED_BYTES);
      const head = await readExactly(source, section.offsetBytes, sizeBytes, "Go build information");
      const at = findMark(head);
      if (at >= 0) return readInformation(source, section.offsetBytes + at);
    }
    return undefined;
  },
};

function findMark(bytes: Buffer): number {
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1))
    if (at % MARK_ALIGNMENT === 0) return at;
  return -1;
}

async function readInformation(source: ByteSource, offset: number): Promise<Parts | undefined> {
  if (offset + HEADER_BYTES > source.sizeBytes) return undefined;
  const header = await readExactly(source, offset, HEADER_BYTES, "Go build information");
  if (((header[15] ?? 0) & INLINE) === 0)
    return {
      components: [],
      unlisted: ["Go modules: the list is kept as Go did before 1.18, which is not read"],
    };
  const version = await readText(source, offset + HEADER_BYTES);
  const list = version && (await readText(source, version.endBytes));
  if (version === undefined || list === undefined) return undefined;
  const modules = readModules(list.bytes.subarray(SENTINEL_BYTES, -SENTINEL_BYTES).toString("utf8"));
  return {
    components: [...standardLibrary(version.bytes.toString("utf8")), ...modules],
    ...(modules.length === 0 && {
      unlisted: ["Go modules: it was built without modules, so there is no list"],
    }),
  };
}

/** A length as a varint, and that many bytes. */
async function readText(
  source: ByteSource,
  offset: number,
): Promise<{ readonly bytes: Buffer; readonly endBytes: number } | undefined> {
  const head = await source.read(offset, Math.min(10, Math.max(0, source.sizeBytes - offset)));
  let length = 0;
  for (const [index, byte] of head.entries()) {
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (length > MAX_TEXT_BYTES) return undefined;
    if (byte >= 0x80) continue;
    const start = offset + index + 1;
    if (start + length > source.sizeBytes) return undefined;
    return {
      bytes: await readExactly(source, start, length, "Go build information"),
      endBytes: start + length,
    };
  }
  return undefined;
}

/** `go1.24.1`, at times with experiments behind it. */
function standardLibrary(text: string): Component[] {
  const version = /^go(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)/.exec(text)?.[1];
  if (version === undefined) return [];
  return [
    declare({
      foundBy: FOUND_BY,
      product: "stdlib",
      vendor: "The Go Project",
      version,
      confidence: "embedded",
      identifiers: [purlOf({ type: "golang", name: "stdlib", version })],
    }),
  ];
}

/** Lines of `dep path version sum`, parted by tabs; `=>` is what stands in place of the line before. */
function readModules(text: string): Component[] {
  const modules: (readonly [string, string])[] = [];
  for (const line of text.split("\n")) {
    const [kind, path = "", version = ""] = line.split("\t");
    if (kind === "=>") modules.pop();
    if ((kind === "dep" || kind === "=>" || kind === "mod") && path !== "") modules.push([path, version]);
  }
  return modules.map(([path, version]) => toComponent(path, version));
}

function toComponent(path: string, version: string): Component {
  const slash = path.lastIndexOf("/");
  // A program that was built where its source lies has no version of its own.
  const known = /^\(.*\)$/.test(version) || version === "" ? undefined : version;
  return declare({
    foundBy: FOUND_BY,
    product: path,
    version: known,
    confidence: "embedded",
    identifiers: [
      purlOf({
        type: "golang",
        namespace: path.slice(0, Math.max(0, slash)),
        name: path.slice(slash + 1),
        ...(known !== undefined && { version: known }),
      }),
    ],
  });
}
