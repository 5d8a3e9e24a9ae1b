/**
 * Reads what 7-Zip lists of an archive: `7zz l -slt`. Names come from the archive; 7-Zip keeps line ends out of them,
 * and what is unpacked must be what was listed, so a name can forge nothing. Source: 7-Zip 24.09, List.cpp.
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { ClaimedAttributes } from "../formats/member-attributes.ts";
import { GUEST_FILE } from "./system.ts";

export interface ListedEntry {
  readonly name: string;
  /** Undefined where the archive does not say. */
  readonly sizeBytes: number | undefined;
  readonly kind: "file" | "folder" | "link" | "special";
  /** Where the list knows it; otherwise a link's content is its target. */
  readonly linkTarget?: string;
  readonly hardLinkTarget?: string;
  /** There are bytes behind the name, whatever it says to be; not those that are a link's target. */
  readonly hasContent: boolean;
  readonly properties: ReadonlyMap<string, string>;
}

export interface Listing {
  /** Of the archive: `Physical Size`, `Comment`, … */
  readonly properties: ReadonlyMap<string, string>;
  /** What 7-Zip complains of: `Unexpected end of archive`. */
  readonly complaints: readonly string[];
  readonly entries: readonly ListedEntry[];
}

/** A property of more lines, or a table of warnings, is longer than any that is needed. */
const LONGEST_LINE_CHARACTERS = 128 * 1024;
/** Roughly what an entry's maps need beside its texts. */
const ENTRY_BYTES = 600;

export class ListingReader {
  readonly #budget: Budget;
  readonly #maxHeldBytes: number;
  readonly #properties = new Map<string, string>();
  readonly #complaints: string[] = [];
  readonly #entries: ListedEntry[] = [];
  #part: "before" | "archive" | "complaints" | "entries" = "before";
  #entry = new Map<string, string>();
  #isInText = false;
  #line = "";
  #heldBytes = 0;
  readonly #decoder = new TextDecoder();
  asksForPassword = false;

  constructor(budget: Budget, maxHeldBytes: number) {
    this.#budget = budget;
    this.#maxHeldBytes = maxHeldBytes;
  }

  /** @throws {@link ArtifactError} `artifact.over-limit` when the list is longer than may be held */
  add(bytes: Uint8Array): void {
    const lines = (this.#line + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#line = lines.pop() ?? "";
    if (this.#line.startsWith("Enter password")) this.asksForPassword = true;
    if (this.#line.length > LONGEST_LINE_CHARACTERS) this.#refuse();
    for (const line of lines) this.#read(line);
  }

  finish(): Listing {
    this.#endEntry();
    return { properties: this.#properties, complaints: this.#complaints, entries: this.#entries };
  }

  #read(line: string): void {
    if (this.#isInText) {
      this.#isInText = line !== "}";
      return;
    }
    if (line === "{") this.#isInText = true;
    else if (this.#part === "entries") this.#readEntry(line);
    else this.#readArchive(line);
  }

  #readArchive(line: string): void {
    if (line === "--") this.#part = "archive";
    else if (line === "----------" && this.#part !== "before") this.#part = "entries";
    else if (/^(?:ERROR|WARNING)S?:/.test(line)) {
      if (this.#part === "archive") this.#part = "complaints";
      this.#complain(line.replace(/^(?:ERROR|WARNING)S?:\s*/, ""));
    } else if (line.includes(" = ")) {
      if (this.#part === "complaints") this.#part = "archive";
      if (this.#part === "archive") put(this.#properties, line);
    } else if (this.#part !== "archive")
      this.#complain(
        /^(?:Unexpected|Headers|Unavailable|There|Unsupported|CRC|Data)\b/.test(line) ? line : "",
      );
  }

  #readEntry(line: string): void {
    this.#heldBytes += 2 * line.length;
    if (line === "") this.#endEntry();
    else put(this.#entry, line);
  }

  #endEntry(): void {
    if (this.#entry.size === 0 || this.#part !== "entries") return;
    this.#heldBytes += ENTRY_BYTES;
    if (this.#heldBytes > this.#maxHeldBytes) this.#refuse();
    const { entries } = this.#budget.limits;
    if (this.#entries.length + this.#budget.spent.entries >= entries)
      throw new ArtifactError(
        "artifact.over-limit",
        `it lists more than the ${entries} entries that may be opened`,
        {
          facts: { limit: "entries", allowed: entries },
        },
      );
    this.#entries.push(toEntry(this.#entry));
    this.#entry = new Map();
  }

  #complain(text: string): void {
    // Its first complaint is only the name of the file.
    if (
      text !== "" &&
      !text.startsWith(`${GUEST_FILE} `) &&
      this.#complaints.length < 16 &&
      !this.#complaints.includes(text)
    )
      this.#complaints.push(text);
  }

  #refuse(): never {
    throw new ArtifactError(
      "artifact.over-limit",
      `its list needs more than ${this.#maxHeldBytes} bytes at once`,
    );
  }
}

export const numberOf = (text: string | undefined): number =>
  /^\d{1,15}$/.test(text ?? "") ? Number(text) : 0;

function put(properties: Map<string, string>, line: string): void {
  const at = line.indexOf(" = ");
  if (at > 0 && !properties.has(line.slice(0, at))) properties.set(line.slice(0, at), line.slice(at + 3));
}

/** 7-Zip writes a backslash inside a name like this, because it is no separator on Unix. */
const BACKSLASH = /\uf05c/g;

function toEntry(properties: ReadonlyMap<string, string>): ListedEntry {
  const size = properties.get("Size") ?? "";
  // `Link` is a reparse point of Windows.
  const linkTarget = properties.get("Symbolic Link") || properties.get("Link");
  const kind = kindOf(properties);
  const hardLinkTarget = properties.get("Hard Link");
  return {
    name: (properties.get("Path") ?? "").replace(BACKSLASH, "\\"),
    sizeBytes: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    kind,
    ...(linkTarget !== undefined && linkTarget !== "" && { linkTarget }),
    ...(hardLinkTarget !== undefined && hardLinkTarget !== "" && { hardLinkTarget }),
    hasContent: hasContent(kind, properties),
    properties,
  };
}

/** A link that is told apart from its content, and packed content all the same: some readers write that. */
function hasContent(kind: ListedEntry["kind"], properties: ReadonlyMap<string, string>): boolean {
  const isPacked = numberOf(properties.get("Size")) > 0 && numberOf(properties.get("Packed Size")) > 0;
  if ((properties.get("Hard Link") ?? "") !== "") return isPacked;
  if (kind === "link") return (properties.get("Symbolic Link") ?? "") !== "" && isPacked;
  return kind === "file" || (kind === "special" && isPacked);
}

/** What else it lists of a file: `Modified = 2026-01-31 12:00:00`, without a time zone, and the mode as letters. */
export function claimsOf({ properties }: ListedEntry): ClaimedAttributes {
  const [, day = "", time = ""] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(properties.get("Modified") ?? "") ?? [];
  const at = Date.parse(`${day}T${time}Z`);
  const letters = modeLetters(properties);
  return {
    mode: letters === undefined ? undefined : modeOf(letters),
    modifiedSeconds: Number.isNaN(at) ? undefined : at / 1000,
  };
}

/** ls(1), "-l": the execute letters also tell setuid, setgid and sticky. */
function modeOf(letters: string): number {
  const rights = Array.from(letters.slice(1));
  const plain = rights.reduce((mode, letter, at) => (/[-ST]/.test(letter) ? mode : mode | (0o400 >> at)), 0);
  const special = [2, 5, 8].reduce(
    (mode, at, place) => (/[sStT]/.test(rights[at] ?? "") ? mode | (0o4000 >> place) : mode),
    0,
  );
  return plain | special;
}

/** `D drwxr-xr-x`, `A lrwxrwxrwx`, `lrwxrwxrwx`: Windows' letters, then Unix's, or one of them. */
function kindOf(properties: ReadonlyMap<string, string>): ListedEntry["kind"] {
  const attributes = (properties.get("Attributes") ?? "").split(" ");
  const mode = modeLetters(properties);
  // An attribute alone makes no folder of what has bytes: other readers write them to a file.
  const isEmpty = numberOf(properties.get("Size")) === 0;
  const looksLikeFolder = mode?.startsWith("d") === true || attributes[0]?.startsWith("D") === true;
  if (properties.get("Folder") === "+" || (looksLikeFolder && isEmpty)) return "folder";
  if ((properties.get("Symbolic Link") || properties.get("Link") || "") !== "" || mode?.startsWith("l"))
    return "link";
  return mode !== undefined && /^[bcps]/.test(mode) ? "special" : "file";
}

const modeLetters = (properties: ReadonlyMap<string, string>): string | undefined =>
  [properties.get("Mode") ?? "", ...(properties.get("Attributes") ?? "").split(" ")].find((text) =>
    /^[-dlbcps][-rwxsStT]{9}$/.test(text),
  );
