/**
 * Crates of Rust programs: the list that `cargo auditable` leaves, and where there is none the crates whose folders stand
 * in the program's texts, since code that can panic names its file.
 * Sources: rust-secure-code, cargo-auditable, PARSING.md; Cargo, "Cargo Home", registry/src.
 * @module
 */

import { inflateSync } from "node:zlib";
import {
  ArtifactError,
  asBuffer,
  type ByteSource,
  type Component,
  type Json,
  readExactly,
} from "@sallyport/core";
import { PlainSearch } from "../../byte-search/plain.ts";
import { isJsonObject, listMember, readJson, textMember } from "../../json/read-json.ts";
import { declare } from "../declare.ts";
import type { ComponentFinder, FindContext, Parts } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { EXECUTABLES, readSections, type SectionRange } from "../sections.ts";

const FOUND_BY = "rust-crates";
const AUDIT_SECTION = ".dep-v0";
const MAX_PACKED_BYTES = 8 * 1024 * 1024;
/** PARSING.md recommends a limit of this size. */
const MAX_LIST_BYTES = 8 * 1024 * 1024;
/** Sections that hold texts, in the three formats. */
const TEXTS: ReadonlySet<string> = new Set([".rodata", ".rdata", "__const", "__cstring"]);
const MARGIN_BYTES = 256;
const STEP_BYTES = 4 * 1024 * 1024;
/**
 * `registry/src/index.crates.io-6f17d22bba15001f/serde-1.0.210/src/…`, on Windows with the other slash; where Debian
 * builds, `cargo/registry/serde-1.0.210/src/…`.
 */
const PLACES = ["registry/src/", "registry\\src\\", "cargo/registry/"];
const CRATE =
  /^(?:registry[\\/]src[\\/][^\\/]{1,100}[\\/]|cargo\/registry\/)([A-Za-z][A-Za-z0-9_-]{0,63}?)-(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,60})?)[\\/]/;
const search = new PlainSearch(PLACES.map((text) => Buffer.from(text, "latin1")));

export const rustCrates: ComponentFinder = {
  id: FOUND_BY,
  question: "Which Rust crates was it built from?",
  document: "cargo-auditable, PARSING.md; Cargo, registry/src",
  wants: ({ format }) => EXECUTABLES.has(format),
  async find(source, context) {
    const sections = await readSections(source, context.format);
    const audit = sections.find(({ name }) => name === AUDIT_SECTION);
    return audit === undefined ? findFolders(source, sections, context) : readAudit(source, audit);
  },
};

async function readAudit(source: ByteSource, { offsetBytes, sizeBytes }: SectionRange): Promise<Parts> {
  const packed = await readExactly(
    source,
    offsetBytes,
    Math.min(sizeBytes, MAX_PACKED_BYTES),
    "the crate list",
  );
  const packages = listMember(readJson(unpack(packed), "the crate list"), "packages") ?? [];
  const crates = packages.flatMap((one) => toCrate(one, packages));
  return { components: crates };
}

function unpack(packed: Buffer): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength: MAX_LIST_BYTES });
  } catch (cause) {
    throw new ArtifactError("artifact.malformed", "the crate list cannot be unpacked", { cause });
  }
}

/** What only the build needed is not in the program. */
function toCrate(one: Json, all: readonly Json[]): Component[] {
  const [name, version] = [textMember(one, "name"), textMember(one, "version")];
  if (!name || !version || textMember(one, "kind") === "build") return [];
  const needed = (listMember(one, "dependencies") ?? []).flatMap((index) => {
    const other = typeof index === "number" ? all[index] : undefined;
    const called = isJsonObject(other) ? textMember(other, "name") : undefined;
    return called === undefined ? [] : purlOf({ type: "cargo", name: called }).value;
  });
  return [component(name, version, { confidence: "embedded", dependsOn: needed })];
}

async function findFolders(
  source: ByteSource,
  sections: readonly SectionRange[],
  { budget }: FindContext,
): Promise<Parts | undefined> {
  const crates = new Map<string, Component>();
  let left = source.sizeBytes;
  for (const { name, offsetBytes, sizeBytes } of sections) {
    if (!TEXTS.has(name)) continue;
    // Sections of a hostile file may all be the same bytes.
    left -= sizeBytes;
    if (left < 0) break;
    for (let at = 0; at < sizeBytes; at += STEP_BYTES) {
      budget.checkTime();
      const length = Math.min(STEP_BYTES + MARGIN_BYTES, sizeBytes - at);
      const piece = asBuffer(await source.read(offsetBytes + at, length));
      for (const { index } of search.search(piece)) {
        if (index >= STEP_BYTES) break;
        const [, crate, version] = CRATE.exec(piece.toString("latin1", index, index + MARGIN_BYTES)) ?? [];
        if (crate !== undefined && version !== undefined)
          crates.set(`${crate} ${version}`, component(crate, version, { confidence: "marked" }));
      }
    }
  }
  return crates.size === 0 ? undefined : { components: [...crates.values()] };
}

const component = (
  product: string,
  version: string,
  more: { readonly confidence: Component["confidence"]; readonly dependsOn?: readonly string[] },
): Component =>
  declare({
    foundBy: FOUND_BY,
    product,
    version,
    identifiers: [purlOf({ type: "cargo", name: product, version })],
    ...more,
  });
