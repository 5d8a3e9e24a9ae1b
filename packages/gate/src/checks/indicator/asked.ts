/**
 * What is asked of indicators: everything by which a file, its signers or its origin could be known. It is kept beside the
 * decision, so certificates, which most members share, are written once.
 * @module
 */

import type { Json, JsonObject, Observable, ObservableKind } from "@sallyport/core";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import type { Origin } from "../check.ts";

/** An observable, and where in the artifact it was seen. */
export interface Seen {
  readonly observable: Observable;
  /** Of the members; empty for the artifact itself. `undefined`: not in it, but where it came from. */
  readonly path: string | undefined;
}

export interface Searched {
  /** Ids of the snapshots whose domains, addresses and texts were searched for in the bytes. */
  readonly snapshots: readonly string[];
  readonly values: number;
  /** Values that were too many to be searched for. */
  readonly leftOut: number;
  /** Files that were not searched to their end. */
  readonly unsearched: number;
  /** Which values they were, as `writeValues` gives them; undefined where that was not kept. */
  readonly written: string | undefined;
}

interface Asking {
  readonly artifact: Artifact;
  readonly origin: Origin | undefined;
  /** Of the sources that were at hand. */
  readonly snapshots: readonly string[];
}

/** @returns small JSON that {@link readAsked} reads */
export function askAbout({ artifact, origin, snapshots }: Asking): JsonObject {
  const certificates = new Map<string, number>();
  const { searched } = artifact;
  const { written, ...tally } = searched ?? { values: 0 };
  const all = [artifact.root, ...artifact.members];
  const unsearched = all.filter((member) => member.unsearched !== undefined).length;
  return {
    members: all.map((member) => askOf(member, certificates)),
    // Filled by then.
    certificates: [...certificates.keys()],
    ...(origin !== undefined && { urls: [...origin.urls] }),
    ...(searched !== undefined && { searched: { ...tally, snapshots: [...snapshots], unsearched } }),
    ...(written !== undefined && { written }),
  };
}

function askOf(member: ArtifactMember, certificates: Map<string, number>): Json {
  const { path, sha256, signatures, sightings = [] } = member;
  const signedContent = new Set<string>();
  const signers = new Set<number>();
  for (const { digest, signer, chain } of signatures) {
    if (digest !== undefined) signedContent.add(digest.toLowerCase());
    for (const certificate of signer === undefined ? chain : [signer, ...chain]) {
      const key = `${serialOf(certificate.serial)} ${certificate.sha256.toLowerCase()}`;
      const place = certificates.get(key) ?? certificates.size;
      certificates.set(key, place);
      signers.add(place);
    }
  }
  const isDigest = ({ kind }: Observable) => kind === "md5" || kind === "sha1";
  const digests = [sha256, ...sightings.filter(isDigest).map(({ value }) => value)];
  const line = `${digests.map((hex) => Buffer.from(hex, "hex").toString("base64url")).join()} ${path}`;
  const named = sightings.filter((sighting) => !isDigest(sighting));
  // Most members are a line: there may be many thousands.
  if (signedContent.size + signers.size + named.length === 0) return line;
  return {
    line,
    ...(signedContent.size > 0 && { signedContent: [...signedContent] }),
    ...(signers.size > 0 && { certificates: [...signers] }),
    ...(named.length > 0 && { sightings: named.map(({ kind, value }) => [kind, value]) }),
  };
}

/** As indicators write it: RFC 5280 serial numbers are numbers, and a DER integer may begin with a zero octet. */
const serialOf = (serial: string): string =>
  serial
    .toLowerCase()
    .replaceAll(/[^0-9a-f]/g, "")
    .replace(/^0+/, "");

/** @returns everything that was seen, in the order of the members; what an older version did not ask is missing */
export function readAsked(asked: JsonObject): readonly Seen[] {
  const certificates = texts(asked.certificates).map((line) => line.split(" "));
  const seen: Seen[] = [];
  for (const entry of list(asked.members)) {
    const member: JsonObject = isObject(entry) ? entry : { line: entry };
    const [path, digests] = readDigests(text(member.line) ?? "");
    const add = (kind: ObservableKind, value: string | undefined) => {
      if (value !== undefined && value !== "") seen.push({ path, observable: { kind, value } });
    };
    seen.push(...digests.map((observable) => ({ path, observable })));
    for (const digest of texts(member.signedContent)) add("signed-content", digest);
    for (const place of list(member.certificates)) {
      const [serial, sha256] = certificates[Number(place)] ?? [];
      add("certificate-serial", serial);
      add("certificate-sha256", sha256);
    }
    for (const sighting of list(member.sightings)) {
      const [kind, value] = texts(sighting);
      const known = SIGHTED.find((one) => one === kind);
      if (known !== undefined) add(known, value);
    }
  }
  return [...seen, ...texts(asked.urls).flatMap(seenOfUrl)];
}

/** @returns whether it had digests of that kind when it was looked at */
export function hasDigest(asked: JsonObject, kind: "md5" | "sha1"): boolean {
  const [root] = list(asked.members);
  const [, digests] = readDigests(text(isObject(root) ? root.line : root) ?? "");
  return digests.some((digest) => digest.kind === kind);
}

/** What can be sighted in the bytes of a member, beside its digests. */
const SIGHTED = ["domain", "url", "text"] as const;

const DIGESTS: Readonly<Record<number, ObservableKind>> = { 16: "md5", 20: "sha1", 32: "sha256" };

/** `digest,digest path`, the digests as base64url; their length tells which they are. */
function readDigests(line: string): readonly [string, readonly Observable[]] {
  const space = line.indexOf(" ");
  const written = line.slice(0, Math.max(0, space)).split(",");
  const digests = written.flatMap((digest): Observable[] => {
    const bytes = Buffer.from(digest, "base64url");
    const kind = DIGESTS[bytes.length];
    return kind === undefined ? [] : [{ kind, value: bytes.toString("hex") }];
  });
  return [line.slice(space + 1), digests];
}

function seenOfUrl(address: string): Seen[] {
  const url = URL.parse(address);
  if (url === null) return [];
  url.hash = "";
  const host = url.hostname.replace(/^\[|\]$|\.$/g, "");
  const isAddress = /^[\d.]+$/.test(host) || host.includes(":");
  return [
    { path: undefined, observable: { kind: "url", value: url.href } },
    { path: undefined, observable: { kind: isAddress ? "ip-address" : "domain", value: host } },
  ];
}

export function readSearched(asked: JsonObject): Searched | undefined {
  const { searched } = asked;
  if (!isObject(searched)) return undefined;
  return {
    snapshots: texts(searched.snapshots),
    values: Number(searched.values) || 0,
    leftOut: Number(searched.leftOut) || 0,
    unsearched: Number(searched.unsearched) || 0,
    written: text(asked.written),
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const list = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
const texts = (value: Json | undefined): readonly string[] =>
  list(value).filter((entry) => typeof entry === "string");
const text = (value: Json | undefined): string | undefined => (typeof value === "string" ? value : undefined);
