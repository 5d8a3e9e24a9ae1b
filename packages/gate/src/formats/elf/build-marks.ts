/**
 * What compilers, linkers and packers leave of themselves. Claims, and easily changed.
 * Source: the `.comment` section of GCC, Clang, rustc and LLD; Go's build information; UPX's `l_info`.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { ExecutableFacts } from "../../traits/executable/facts.ts";
import { markValues, presentMarks } from "../executable-parts.ts";
import { readGoVersion } from "../go-build-information.ts";
import { SECTION } from "./headers.ts";
import type { NamedSection } from "./sections.ts";

const MAX_COMMENT_BYTES = 64 * 1024;
const HEAD_BYTES = 1024;
const LINKERS = /^(?:Linker: |GNU ld|GNU gold|mold|LLD)/;

/** @param loader - the program interpreter that the file asks for */
export async function readBuildMarks(
  source: ByteSource,
  sections: readonly NamedSection[],
  loader: string | undefined,
): Promise<ExecutableFacts["buildMarks"]> {
  const comments = await readComments(source, sections);
  const go = sections.find(({ name }) => name === ".go.buildinfo");
  const goVersion = go === undefined ? undefined : await readGoVersion(source, go);
  const compilers = comments.filter((comment) => !LINKERS.test(comment));
  return presentMarks({
    linker: markValues(comments.filter((comment) => LINKERS.test(comment))),
    compiler: markValues(goVersion === undefined ? compilers : [...compilers, goVersion]),
    platform: loader === undefined ? [] : markValues([`loader ${loader}`]),
    packer: (await isPacked(source)) ? ["UPX"] : [],
  });
}

async function readComments(source: ByteSource, sections: readonly NamedSection[]): Promise<string[]> {
  const section = sections.find(({ name, type }) => name === ".comment" && type !== SECTION.noBits);
  if (section === undefined || section.offsetBytes >= source.sizeBytes) return [];
  const sizeBytes = Math.min(section.sizeBytes, MAX_COMMENT_BYTES, source.sizeBytes - section.offsetBytes);
  const bytes = await readExactly(source, section.offsetBytes, sizeBytes, "ELF: comments");
  return bytes
    .toString("utf8")
    .split("\0")
    .filter((comment) => comment !== "");
}

async function isPacked(source: ByteSource): Promise<boolean> {
  const head = await readExactly(source, 0, Math.min(HEAD_BYTES, source.sizeBytes), "ELF: head");
  return head.includes("UPX!");
}
