/**
 * A Sigstore trusted root: authorities, logs and the time each may be used. An entry without a start of its validity
 * is never used: the library would take it as valid since ever. Source: protobuf-specs, sigstore_trustroot.proto.
 * @module
 */

import { ArtifactError, type Json } from "@sallyport/core";
import type { toTrustMaterial } from "@sigstore/verify";
import { listMember, memberAt, readJson, textMember } from "../../json/read-json.ts";
import { readCertificate } from "../../x509/certificate.ts";
import { readPublicKey } from "../../x509/public-key.ts";

type TrustedRoot = Parameters<typeof toTrustMaterial>[0];
type LogInstance = TrustedRoot["tlogs"][number];
type Authority = TrustedRoot["certificateAuthorities"][number];
type Range = { readonly start: Date; readonly end: Date | undefined };

export interface Root {
  /** For {@link toTrustMaterial}. */
  readonly entries: TrustedRoot;
  readonly logs: readonly Log[];
  /** Subject names of the authorities, DER as hex. */
  readonly authorityNames: ReadonlySet<string>;
  /** Whether the root, as it was written, knows logs at all: a private instance may have none. */
  readonly expects: { readonly logs: boolean; readonly certificateLogs: boolean };
  /** What was left out, and why. */
  readonly ignored: readonly string[];
}

export interface Log {
  /** Hex. */
  readonly id: string;
  readonly name: string;
  readonly validFor: Range;
}

const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.trustedroot(\+json;version=0\.\d|\.v0\.\d\+json)$/;
const MAX_ENTRIES = 64;

/** Whether this is meant to be a trusted root. */
export const isTrustedRoot = (document: Json): boolean =>
  MEDIA_TYPE.test(textMember(document, "mediaType") ?? "");

/**
 * Reads one root, or several as lines, as `gh attestation trusted-root` writes them.
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function readRoots(bytes: Uint8Array): readonly Root[] {
  const text = Buffer.from(bytes).toString("utf8").trim();
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const isLines = lines.length > 1 && lines.every((line) => line.trimStart().startsWith("{"));
  const documents = (isLines ? lines : [text]).map((line) => readJson(Buffer.from(line), "the trusted root"));
  return documents.map(readRoot);
}

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readRoot(document: Json): Root {
  if (!isTrustedRoot(document)) throw malformed("is no trusted root of a known version");
  const ignored: string[] = [];
  const keep = <Entry>(name: string, read: (entry: Json) => Entry | string): Entry[] => {
    const entries = listMember(document, name) ?? [];
    if (entries.length > MAX_ENTRIES) throw malformed(`has more than ${MAX_ENTRIES} ${name}`);
    return entries.flatMap((entry) => {
      const kept = read(entry);
      if (typeof kept !== "string") return [kept];
      ignored.push(`${name}: ${kept}`);
      return [];
    });
  };
  const tlogs = keep("tlogs", readLog);
  const authorities = keep("certificateAuthorities", readAuthority);
  const entries: TrustedRoot = {
    mediaType: textMember(document, "mediaType") ?? "",
    tlogs: tlogs.map(({ instance }) => instance),
    ctlogs: keep("ctlogs", readLog).map(({ instance }) => instance),
    certificateAuthorities: authorities.map(({ authority }) => authority),
    timestampAuthorities: keep("timestampAuthorities", readAuthority).map(({ authority }) => authority),
  };
  return {
    entries,
    logs: tlogs.map(({ log }) => log),
    authorityNames: new Set(authorities.flatMap(({ names }) => names)),
    expects: {
      logs: (listMember(document, "tlogs") ?? []).length > 0,
      certificateLogs: (listMember(document, "ctlogs") ?? []).length > 0,
    },
    ignored,
  };
}

/** @returns a sentence when it cannot be used */
function readLog(entry: Json): { instance: LogInstance; log: Log } | string {
  const name = textMember(entry, "baseUrl") ?? "";
  const key = memberAt(entry, "publicKey");
  const validFor = readRange(memberAt(key, "validFor"));
  const id = base64(memberAt(entry, "checkpointKeyId", "keyId") ?? memberAt(entry, "logId", "keyId"));
  const rawBytes = base64(memberAt(key, "rawBytes"));
  if (validFor === undefined) return `${name} does not say since when it is valid`;
  if (id === undefined || rawBytes === undefined) return `${name} has no key or no id`;
  try {
    readPublicKey(rawBytes);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return `${name} has a key that is not known here`;
  }
  const instance: LogInstance = {
    baseUrl: name,
    // SHA-256 is the only one there is (RFC 6962).
    hashAlgorithm: 1,
    // The kind of key stands in the key itself; 0 says so.
    publicKey: { rawBytes, keyDetails: 0, validFor },
    logId: { keyId: id },
    checkpointKeyId: undefined,
    operator: "",
  };
  return { instance, log: { id: id.toString("hex"), name, validFor } };
}

function readAuthority(entry: Json): { authority: Authority; names: readonly string[] } | string {
  const uri = textMember(entry, "uri") ?? "";
  const validFor = readRange(memberAt(entry, "validFor"));
  if (validFor === undefined) return `${uri} does not say since when it is valid`;
  const certificates = (listMember(memberAt(entry, "certChain"), "certificates") ?? []).map((certificate) =>
    base64(memberAt(certificate, "rawBytes")),
  );
  if (certificates.length === 0 || certificates.length > MAX_ENTRIES) return `${uri} has no chain`;
  const names: string[] = [];
  const chain: { rawBytes: Buffer }[] = [];
  for (const raw of certificates) {
    if (raw === undefined) return `${uri} has a broken certificate`;
    try {
      names.push(readCertificate(raw).subject.toString("hex"));
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      return `${uri} has a broken certificate: ${error.message}`;
    }
    chain.push({ rawBytes: raw });
  }
  const authority = { subject: undefined, uri, certChain: { certificates: chain }, validFor, operator: "" };
  return { authority, names };
}

/** The end may be missing, for what is in use; the start may not. */
function readRange(range: Json | undefined): Range | undefined {
  const start = readDate(textMember(range, "start"));
  const endText = textMember(range, "end");
  const end = readDate(endText);
  if (start === undefined || (endText !== undefined && end === undefined)) return undefined;
  return { start, end };
}

function readDate(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function base64(value: Json | undefined): Buffer | undefined {
  if (typeof value !== "string" || value === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  return Buffer.from(value, "base64");
}

/** Both ends belong to it. */
export const isWithin = ({ start, end }: Range, at: Date): boolean =>
  start.getTime() <= at.getTime() && (end === undefined || at.getTime() <= end.getTime());

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `the trusted root ${message}`);
