/** Which members a Debian package has, and in which order. Source: deb(5) of dpkg 1.21, "FORMAT"; dpkg, `dpkg-deb/extract.c`. @module */

import { HEADER_BYTES } from "../ar/header.ts";
import type { ArMember } from "../ar/members.ts";
import { bzip2 } from "../bzip2/index.ts";
import type { Format } from "../format.ts";
import { gzip } from "../gzip/index.ts";
import { lzma } from "../lzma/index.ts";
import { tar } from "../tar/index.ts";
import { xz } from "../xz/index.ts";
import { zstd } from "../zstd/index.ts";

export type Role = "version" | "control" | "data" | "extra";

/** What dpkg unpacks; `.lzma` and `.bz2` only in data. */
const CONTROL = /^control\.tar(?:\.gz|\.xz|\.zst)?$/;
const DATA = /^data\.tar(?:\.gz|\.xz|\.zst|\.bz2|\.lzma)?$/;

export class Order {
  readonly #lie: (because: string, facts?: { offsetBytes: number; lengthBytes: number }) => void;
  readonly #seen = new Set<Role>();
  #count = 0;

  /** @param lie - told of what two readers would take differently */
  constructor(lie: (because: string, facts?: { offsetBytes: number; lengthBytes: number }) => void) {
    this.#lie = lie;
  }

  /** @returns what dpkg takes the next member for; the members must come in the archive's order */
  next({ name, kind, headerOffset, offset, sizeBytes }: ArMember): Role {
    const facts = { offsetBytes: headerOffset, lengthBytes: offset + sizeBytes - headerOffset };
    this.#count += 1;
    // apt reads BSD's long names, dpkg takes them for members it does not know.
    if (offset - headerOffset !== HEADER_BYTES)
      this.#lie(`has a member ${name} under a name that dpkg does not read`, facts);
    const role = kind === "file" ? roleOf(name) : "extra";
    if (role === "extra") {
      // An underscore is deb(5)'s promise that every reader passes over it: signatures of dpkg-sig and debsigs.
      if (kind !== "file" || !name.startsWith("_"))
        this.#lie(`has a member ${name} that dpkg does not know`, facts);
      return role;
    }
    if (this.#seen.has(role)) this.#lie(`has two members that could be its ${role}`, facts);
    else if (role === "version" ? this.#count > 1 : !this.#seen.has(role === "data" ? "control" : "version"))
      this.#lie(`has its ${role} where dpkg does not look for it`, facts);
    this.#seen.add(role);
    return role;
  }

  finish(): void {
    for (const role of ["control", "data"] as const)
      if (!this.#seen.has(role)) this.#lie(`has no ${role}, so that readers stop at different places`);
  }
}

function roleOf(name: string): Role {
  if (name === "debian-binary") return "version";
  if (CONTROL.test(name)) return "control";
  return DATA.test(name) ? "data" : "extra";
}

const BY_SUFFIX: Readonly<Record<string, Format>> = {
  tar,
  gz: gzip,
  xz,
  zst: zstd,
  bz2: bzip2,
  lzma,
};

/** @param head - the first 512 bytes of the member */
export function hasNamedCompression(name: string, head: Buffer): boolean {
  const suffix = name.slice(name.lastIndexOf(".") + 1);
  const format = BY_SUFFIX[suffix];
  return format?.recognise({ head, tail: Buffer.alloc(0), sizeBytes: head.length }) ?? false;
}
