/**
 * Walks the members of an ar archive, whatever way their names are kept: GNU's table of long names, BSD's names in
 * front of the content, short names with and without a slash. Source: ar(5); GNU binutils, `bfd/archive.c`.
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { HEADER_BYTES, isHeader, MAGIC_BYTES, parseHeader, readText, THIN_MAGIC } from "./header.ts";

/** A table of names for more members than a budget allows would still be smaller. */
const LARGEST_NAME_TABLE_BYTES = 16 * 1024 * 1024;
const LONGEST_NAME_BYTES = 4096;

export interface ArMember {
  readonly name: string;
  /** `names` holds the long names, `symbols` is an index for linkers; neither is a file. */
  readonly kind: "file" | "symbols" | "names";
  readonly headerOffset: number;
  readonly offset: number;
  readonly sizeBytes: number;
  /** A thin archive only names the file, which lies elsewhere. */
  readonly isElsewhere: boolean;
}

export interface ArReading {
  readonly budget: Budget;
  readonly maxHeldBytes: number;
  /** Told of what two readers would understand differently, and of bytes nobody reads. */
  readonly lie: (because: string, facts: { offsetBytes: number; lengthBytes: number }) => void;
}

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export async function* walkMembers(source: ByteSource, reading: ArReading): AsyncGenerator<ArMember> {
  const magic = await readExactly(source, 0, MAGIC_BYTES, "ar: the archive");
  const isThin = magic.toString("latin1") === THIN_MAGIC;
  let longNames: Buffer | undefined;
  for (let at = MAGIC_BYTES; at < source.sizeBytes; ) {
    reading.budget.checkTime();
    const head = await readExactly(source, at, HEADER_BYTES, "ar: a member's header");
    if (!isHeader(head)) {
      const lengthBytes = source.sizeBytes - at;
      reading.lie(`has ${lengthBytes} bytes that belong to no member`, { offsetBytes: at, lengthBytes });
      return;
    }
    const { rawName, sizeBytes } = parseHeader(head);
    const kind = kindOf(rawName);
    const isElsewhere = isThin && kind === "file";
    const start = at + HEADER_BYTES;
    const end = start + (isElsewhere ? 0 : sizeBytes);
    if (end > source.sizeBytes) throw new ArtifactError("artifact.truncated", "ar: a member is cut short");
    if (kind === "names") {
      if (longNames !== undefined)
        reading.lie("has two tables of long names", { offsetBytes: at, lengthBytes: end - at });
      longNames = await readNameTable(source, { start, sizeBytes, maxHeldBytes: reading.maxHeldBytes });
    }
    const inFront = await readBsdName(source, rawName, { start, sizeBytes });
    const offset = start + (inFront?.lengthBytes ?? 0);
    yield {
      name: inFront?.name ?? nameOf(rawName, longNames),
      kind: inFront === undefined ? kind : kindOf(inFront.name),
      headerOffset: at,
      offset,
      sizeBytes: isElsewhere ? sizeBytes : end - offset,
      isElsewhere,
    };
    at = await skipPadding(source, end, reading);
  }
}

/** Microsoft's linkers keep two indexes named `/`, and more in names like `/<ECSYMBOLS>/`. */
function kindOf(rawName: string): ArMember["kind"] {
  if (rawName === "//" || rawName === "ARFILENAMES/") return "names";
  const isIndex = rawName === "/" || rawName === "/SYM64/" || /^\/<[A-Z]{1,14}>\/$/.test(rawName);
  return isIndex || /^__\.SYMDEF(?:_64)?(?: SORTED)?$/.test(rawName) ? "symbols" : "file";
}

/** `/123` counts into the table; short names end with a slash in GNU's archives. */
function nameOf(rawName: string, longNames: Buffer | undefined): string {
  const index = /^\/([0-9]{1,15})(?::[0-9]+)?$/.exec(rawName)?.[1];
  if (index === undefined) return /^.+[^/]\/$/.test(rawName) ? rawName.slice(0, -1) : rawName;
  const start = Number(index);
  if (longNames === undefined || start >= longNames.length)
    throw new ArtifactError("artifact.malformed", "ar: a long name lies outside its table");
  // GNU ends a name with "/\n", Microsoft with a zero byte.
  const most = longNames.subarray(start, start + LONGEST_NAME_BYTES);
  const length = most.findIndex((byte) => byte === 0 || byte === 0x0a);
  if (length < 0) throw new ArtifactError("artifact.malformed", "ar: a long name does not end");
  const name = readText(most.subarray(0, length));
  return name.endsWith("/") ? name.slice(0, -1) : name;
}

async function readNameTable(
  source: ByteSource,
  { start, sizeBytes, maxHeldBytes }: { start: number; sizeBytes: number; maxHeldBytes: number },
): Promise<Buffer> {
  if (sizeBytes > Math.min(maxHeldBytes, LARGEST_NAME_TABLE_BYTES))
    throw new ArtifactError("artifact.over-limit", `ar: the long names need ${sizeBytes} bytes at once`);
  return readExactly(source, start, sizeBytes, "ar: the long names");
}

/** `#1/20`: the first 20 bytes of the content are the name, filled with zeros. */
async function readBsdName(
  source: ByteSource,
  rawName: string,
  { start, sizeBytes }: { start: number; sizeBytes: number },
): Promise<{ name: string; lengthBytes: number } | undefined> {
  const digits = /^#1\/([0-9]{1,9})$/.exec(rawName)?.[1];
  if (digits === undefined) return undefined;
  const lengthBytes = Number(digits);
  if (lengthBytes > Math.min(sizeBytes, LONGEST_NAME_BYTES))
    throw new ArtifactError("artifact.malformed", "ar: a name is longer than its member");
  const bytes = await readExactly(source, start, lengthBytes, "ar: a member's name");
  const end = bytes.indexOf(0);
  return { name: readText(end < 0 ? bytes : bytes.subarray(0, end)), lengthBytes };
}

/** Members begin at even offsets. The last one's filling is often left out. */
async function skipPadding(source: ByteSource, end: number, reading: ArReading): Promise<number> {
  if (end % 2 === 0 || end >= source.sizeBytes) return end;
  const [padding] = await readExactly(source, end, 1, "ar: the padding of a member");
  if (padding !== 0x0a && padding !== 0)
    reading.lie("has a byte between two members", { offsetBytes: end, lengthBytes: 1 });
  return end + 1;
}
