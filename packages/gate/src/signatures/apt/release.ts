/**
 * The signed list of an archive: for which suite it is, from when until when, and the digests of its indexes.
 * Sources: Debian repository format, "Release files"; apt-secure(8).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { readStanza, type Stanza } from "./stanza.ts";

export interface Release {
  readonly origin: string;
  readonly suite: string;
  readonly codename: string;
  readonly date: Date;
  /** Absent in archives that do not end their lists. */
  readonly validUntil: Date | undefined;
  /** By `digest size`, digest in hex: the paths of the files that have it. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** The strongest digest of its list. */
  readonly digest: "sha256" | "sha512" | "weak";
}

const MAX_FILES = 500_000;

/**
 * @param text - the signed text alone
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`
 */
export function readRelease(text: string): Release {
  const trimmed = text.trim();
  // apt reads the first paragraph, others may read on.
  if (/\n[ \t]*\n/.test(trimmed)) throw malformed("the release has more than one paragraph");
  const fields = readStanza(trimmed);
  const date = readTime(fields, "date");
  if (date === undefined) throw malformed("the release does not say when it was made");
  const digest = fields.has("sha256") ? "sha256" : fields.has("sha512") ? "sha512" : "weak";
  return {
    origin: fields.get("origin") ?? "",
    suite: fields.get("suite") ?? "",
    codename: fields.get("codename") ?? "",
    date,
    validUntil: readTime(fields, "valid-until"),
    files: digest === "weak" ? new Map() : readFiles(fields.get(digest) ?? "", digest),
    digest,
  };
}

const DIGEST_CHARACTERS = { sha256: 64, sha512: 128 } as const;

function readFiles(list: string, digest: "sha256" | "sha512"): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const line of list.split("\n")) {
    if (line.trim() === "") continue;
    const [hex = "", size = "", path = "", ...more] = line.trim().split(/[ \t]+/);
    if (
      hex.length !== DIGEST_CHARACTERS[digest] ||
      !/^[0-9a-fA-F]+$/.test(hex) ||
      !/^[0-9]{1,15}$/.test(size)
    )
      throw malformed("the release lists something that is no digest and size");
    if (path === "" || more.length > 0) throw malformed("the release lists a file without a name");
    const key = fileKey(hex, Number(size));
    const paths = files.get(key) ?? [];
    paths.push(path);
    files.set(key, paths);
    if (files.size > MAX_FILES)
      throw new ArtifactError("artifact.over-limit", "apt: the release lists too many files");
  }
  return files;
}

export const fileKey = (hex: string, sizeBytes: number): string => `${hex.toLowerCase()} ${sizeBytes}`;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const TIME =
  /^(?:[A-Za-z]{3}, *)?([0-9]{1,2}) +([A-Za-z]{3}) +([0-9]{4}) +([0-9]{1,2}):([0-9]{2}):([0-9]{2}) +(UTC|GMT|Z|\+0000)$/;

/** RFC 5322 dates, always in UTC, as apt demands. */
function readTime(fields: Stanza, name: string): Date | undefined {
  const text = fields.get(name);
  if (text === undefined) return undefined;
  const [, day, month = "", year, hour, minute, second] = TIME.exec(text) ?? [];
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  if (day === undefined || monthIndex < 0) throw malformed(`the release has a ${name} that cannot be read`);
  return new Date(
    Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second)),
  );
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `apt: ${message}`);
