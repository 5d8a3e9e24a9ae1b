/**
 * What a Squirrel `Setup.exe` carries: packages, and a list of them with their digests, which the installer compares.
 * Source: Squirrel.Windows, src/Squirrel/ReleaseEntry.cs (`ParseReleaseEntry`) and docs/using/install-process.md.
 * @module
 */

import type { Identity } from "../../artifact.ts";
import type { Finding } from "../../finding.ts";
import type { Conclusion, ContainerContents, Manifest, SeenMember } from "../manifest.ts";

const LIST = "RELEASES";
const MAX_BYTES = 1024 * 1024;
const MAX_LINES = 10_000;
/** A digest, a name that may be an address, a size; behind `#` what part of the users gets it. */
const LINE = /^([0-9a-fA-F]{40})\s+(\S+)\s+(\d{1,15})(?:\s*#.*)?$/;
const FULL_PACKAGE = /^([^/]+?)-(\d[^/]*)-full\.nupkg$/;

export const squirrel: Manifest = {
  id: "squirrel",
  title: "Squirrel release",
  document: "Squirrel.Windows, ReleaseEntry",
  containers: ["zip"],
  wants: (name) =>
    name === LIST ? { heldBytes: MAX_BYTES } : name.endsWith(".nupkg") ? { sha1: true } : undefined,
  conclude,
};

interface Entry {
  readonly sha1: string;
  readonly name: string;
  readonly sizeBytes: number;
}

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const list = members.get(LIST)?.bytes;
  const packages = [...members.keys()].filter((name) => name.endsWith(".nupkg"));
  if (list === undefined || packages.length === 0) return undefined;
  const entries = readEntries(list);
  if (entries.length === 0) return undefined;
  const findings = entries.flatMap((entry) => compare(entry, members.get(entry.name)));
  const identity = packages.map(identityOf).find((found) => found !== undefined);
  return { format: "squirrel", findings, ...(identity !== undefined && { identity }) };
}

function readEntries(list: Buffer): Entry[] {
  const lines = list
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .split(/\r?\n/, MAX_LINES);
  return lines.flatMap((line) => {
    const [, sha1, address, size] = LINE.exec(line.trim()) ?? [];
    const name = address?.split(/[\\/]/).at(-1);
    if (sha1 === undefined || name === undefined) return [];
    return [{ sha1: sha1.toLowerCase(), name, sizeBytes: Number(size) }];
  });
}

/** Older and partial releases are listed and not carried. */
function compare(entry: Entry, seen: SeenMember | undefined): Finding[] {
  if (seen === undefined || (seen.sha1 === entry.sha1 && seen.sizeBytes === entry.sizeBytes)) return [];
  return [
    {
      check: "structure",
      outcome: "fail",
      because: "is not the package that RELEASES names: its digest or size is another",
      facts: { sizeBytes: seen.sizeBytes, listedBytes: entry.sizeBytes },
      member: entry.name,
    },
  ];
}

function identityOf(name: string): Identity | undefined {
  const [, product, version] = FULL_PACKAGE.exec(name) ?? [];
  return product === undefined || version === undefined ? undefined : { product, version };
}
