/**
 * The list itself: which authorities Microsoft's root programme names, what for, and which it has taken back. Sources: [MS-CAESO]
 * 4.4.5.2 (certificate trust list); wincrypt.h, CERT_*_PROP_ID, whose numbers end the attributes' identifiers.
 * @module
 */

import { type DerReader, type Node, TAG } from "./der.ts";

const PROPERTY = "1.3.6.1.4.1.311.10.11.";
const USAGES = `${PROPERTY}9`;
const FRIENDLY_NAME = `${PROPERTY}11`;
const SHA256 = `${PROPERTY}98`;
const DISALLOWED_FROM = `${PROPERTY}104`;
const NOT_BEFORE = `${PROPERTY}126`;
const MAX_AUTHORITIES = 20_000;
/** 100 nanoseconds since 1601: [MS-DTYP] 2.3.3. */
const FILETIME_OFFSET_MILLISECONDS = 11_644_473_600_000;

const PURPOSES = new Map([
  ["1.3.6.1.5.5.7.3.1", "server"],
  ["1.3.6.1.5.5.7.3.2", "client"],
  ["1.3.6.1.5.5.7.3.3", "code-signing"],
  ["1.3.6.1.5.5.7.3.4", "mail"],
  ["1.3.6.1.5.5.7.3.8", "timestamping"],
]);

export interface ListedAuthority {
  /** Of its certificate, lower-case hex. */
  readonly sha1: string;
  readonly sha256: string | undefined;
  readonly name: string | undefined;
  readonly purposes: readonly string[];
  /** A day: what it signed from then on does not count. */
  readonly distrustedFrom: string | undefined;
}

export interface TrustList {
  /** When it was made: ISO 8601. */
  readonly asOf: string;
  readonly authorities: readonly ListedAuthority[];
}

/** @throws FeedError when it is no list of authorities */
export function readTrustList(list: Node, der: DerReader): TrustList {
  const parts = der.children(der.expect(list, TAG.sequence, "list"));
  const time = parts.findIndex(({ tag }) => tag === TAG.utcTime || tag === TAG.generalizedTime);
  const afterTimes = parts.slice(time + 1).filter(({ tag }) => tag === TAG.sequence);
  // The digest that names authorities, then the authorities.
  const entries = der.children(der.expect(afterTimes[1], TAG.sequence, "authority"));
  if (entries.length > MAX_AUTHORITIES) throw der.wrong("names too many authorities");
  return { asOf: der.time(parts[time]), authorities: entries.map((entry) => readAuthority(entry, der)) };
}

function readAuthority(entry: Node, der: DerReader): ListedAuthority {
  const [identifier, attributes] = der.children(der.expect(entry, TAG.sequence, "authority"));
  const { content: sha1 } = der.expect(identifier, TAG.octets, "name of an authority");
  if (sha1.length !== 20) throw der.wrong("names an authority by something that is no SHA-1");
  const values = new Map<string, Buffer>();
  for (const attribute of attributes === undefined ? [] : der.children(attributes)) {
    const [type, set] = der.children(der.expect(attribute, TAG.sequence, "attribute"));
    const [value] = der.children(der.expect(set, TAG.set, "attribute"));
    values.set(der.oid(type), der.expect(value, TAG.octets, "attribute").content);
  }
  const sha256 = values.get(SHA256);
  return {
    sha1: sha1.toString("hex"),
    sha256: sha256?.length === 32 ? sha256.toString("hex") : undefined,
    name: values.get(FRIENDLY_NAME)?.toString("utf16le").replace(/\0.*$/s, "").slice(0, 200),
    purposes: purposesIn(values.get(USAGES), der),
    distrustedFrom: earliest(values.get(DISALLOWED_FROM), values.get(NOT_BEFORE)),
  };
}

/** What it is not named for it is not trusted for; no statement is one about everything. */
function purposesIn(value: Buffer | undefined, der: DerReader): readonly string[] {
  if (value === undefined) return [...PURPOSES.values()];
  return der.children(der.expect(der.only(value), TAG.sequence, "usage")).flatMap((usage) => {
    const id = der.oid(usage);
    return PURPOSES.get(id) ?? id;
  });
}

/** All zeros means from ever. */
function earliest(...values: readonly (Buffer | undefined)[]): string | undefined {
  const times = values
    .filter((value) => value?.length === 8)
    .map((value) => Number(value?.readBigUInt64LE(0) ?? 0n) / 10_000 - FILETIME_OFFSET_MILLISECONDS)
    .map((milliseconds) => Math.min(Math.max(milliseconds, 0), 253_402_300_799_000));
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString().slice(0, 10);
}
