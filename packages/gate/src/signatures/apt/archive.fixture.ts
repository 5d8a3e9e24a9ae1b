/** An archive in memory: a package, the index that lists it, the signed release that lists the index. */

import { createHash } from "node:crypto";
import { certificateOf, clearSign, type FixtureKey, makeKey } from "@sallyport/openpgp/signing.fixture";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import type { Brought } from "../../brought.ts";
import { apt } from "./index.ts";

export const PACKAGE = Buffer.from("the bytes of a package\n".repeat(64));
export const NOW = new Date("2024-06-01T12:00:00Z");

const digest = (bytes: Buffer, algorithm = "sha256"): string =>
  createHash(algorithm).update(bytes).digest("hex");

export interface Archive {
  readonly key: FixtureKey;
  readonly release: Buffer;
  readonly packages: Buffer;
}

export const stanzaOf = (bytes: Buffer, version = "1.0-1", more = ""): string =>
  `Package: demo\nVersion: ${version}\nArchitecture: amd64\nFilename: pool/demo_${version}_amd64.deb\nSize: ${bytes.length}\nSHA256: ${digest(bytes)}\n${more}\n`;

/** The lines of a release in front of its list. */
export const HEAD =
  "Origin: Example\nSuite: stable\nCodename: demo\nDate: Sat, 01 Jun 2024 08:00:00 UTC\nValid-Until: Sat, 08 Jun 2024 08:00:00 UTC\n";

export const listOf = (packages: Buffer, name = "main/binary-amd64/Packages", algorithm = "sha256"): string =>
  `${algorithm.toUpperCase()}:\n ${digest(packages, algorithm)} ${packages.length} ${name}\n`;

export function makeArchive({
  index = stanzaOf(PACKAGE),
  head = HEAD,
  list = listOf(Buffer.from(index)),
  key = makeKey(),
}: {
  readonly index?: string;
  readonly head?: string;
  readonly list?: string;
  readonly key?: FixtureKey;
} = {}): Archive {
  return { key, release: clearSign(key, head + list), packages: Buffer.from(index) };
}

export const broughtFor = ({ key, release, packages }: Archive): Partial<Brought> => ({
  keys: [{ name: "archive.gpg", source: sourceOf(certificateOf(key)) }],
  release: { name: "InRelease", source: sourceOf(release) },
  packages: { name: "Packages", source: sourceOf(packages) },
});

export const verifyPackage = (
  brought: Partial<Brought>,
  { bytes = PACKAGE, now = NOW }: { bytes?: Buffer; now?: Date } = {},
) =>
  apt.verify(
    sourceOf(bytes),
    verifyContext({ format: "deb", trust: { anchors: [], revocationLists: [], hash: "" }, now }, brought),
  );
