/**
 * Manifests and signature files: sections of attributes, split by empty lines. Read strictly, with the raw bytes of
 * each section kept: a signature file holds their digests.
 * Source: JAR File Specification, "Notes on Manifest and Signature Files", "Manifest Specification".
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";

export interface Section {
  /** Its bytes with the empty line that ends it, and without. */
  readonly raw: Buffer;
  readonly bare: Buffer;
  /** By lower-case name: names of attributes do not tell case. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface Manifest {
  readonly raw: Buffer;
  readonly main: Section;
  /** By the member's name. */
  readonly sections: ReadonlyMap<string, Section>;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ATTRIBUTE = /^([A-Za-z0-9][A-Za-z0-9_-]{0,69}): ?([^\0]*)$/;
/** More than a whole descent looks at members; each takes a kilobyte. */
const MAX_SECTIONS = 250_000;
const [CR, LF, SPACE] = [0x0d, 0x0a, 0x20];

/** @throws {@link ArtifactError} `artifact.malformed` on what two readers would take differently */
export function readManifest(raw: Buffer, what: string, budget: Budget): Manifest {
  let main: Section | undefined;
  const sections = new Map<string, Section>();
  for (const section of readSections(raw, what)) {
    budget.checkTime();
    if (main === undefined) {
      main = section;
      continue;
    }
    if (section.attributes.size === 0) continue;
    const name = section.attributes.get("name");
    if (name === undefined) throw malformed(what, "has a section without a name");
    if (sections.has(name)) throw malformed(what, `has two sections for ${name.slice(0, 200)}`);
    if (sections.size >= MAX_SECTIONS)
      throw new ArtifactError("artifact.over-limit", `${what} has more sections than are read here`);
    sections.set(name, section);
  }
  return { raw, main: main ?? { raw, bare: raw, attributes: new Map() }, sections };
}

function* readSections(raw: Buffer, what: string): Generator<Section> {
  let from = 0;
  let lines: Buffer[][] = [];
  for (let at = 0; at < raw.length; ) {
    const line = lineAt(raw, at);
    if (line.end === at) {
      yield makeSection(lines, { raw: raw.subarray(from, line.next), bare: raw.subarray(from, at) }, what);
      lines = [];
      from = line.next;
    } else if (raw[at] === SPACE) {
      const last = lines.at(-1);
      if (last === undefined) throw malformed(what, "continues a line that was not begun");
      last.push(raw.subarray(at + 1, line.end));
    } else lines.push([raw.subarray(at, line.end)]);
    at = line.next;
  }
  if (lines.length > 0) yield makeSection(lines, { raw: raw.subarray(from), bare: raw.subarray(from) }, what);
}

/** A line ends with CR LF, LF or CR; the last one may end with the file. */
function lineAt(raw: Buffer, at: number): { end: number; next: number } {
  let end = at;
  while (end < raw.length && raw[end] !== CR && raw[end] !== LF) end += 1;
  if (end >= raw.length) return { end, next: end };
  return { end, next: raw[end] === CR && raw[end + 1] === LF ? end + 2 : end + 1 };
}

function makeSection(
  lines: readonly Buffer[][],
  bytes: Pick<Section, "raw" | "bare">,
  what: string,
): Section {
  const attributes = new Map<string, string>();
  for (const pieces of lines) {
    const bytes = Buffer.concat(pieces);
    const text = decode(bytes);
    const [, name = "", value = ""] = ATTRIBUTE.exec(text ?? bytes.toString("latin1")) ?? [];
    const key = name.toLowerCase();
    if (key === "") throw malformed(what, "has a line that is no attribute");
    // Build tools repeat a vendor or write it in an old code page: Java takes the last one, and nothing hangs on it.
    const isVital = key === "name" || key.includes("-digest");
    if (isVital && attributes.has(key)) throw malformed(what, `has ${name} twice in one section`);
    if (isVital && text === undefined) throw malformed(what, `has a ${name} that is not UTF-8`);
    attributes.set(key, value);
  }
  return { ...bytes, attributes };
}

function decode(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const malformed = (what: string, message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `${what} ${message}`);
