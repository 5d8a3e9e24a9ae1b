/**
 * Bare public keys: those of the npm registry, shipped as a dated snapshot, and those a person brings.
 * Sources: npm, about registry signatures; RFC 7468 (PEM).
 * @module
 */

import { createHash, type KeyObject } from "node:crypto";
import { ArtifactError, type Json, readExactly } from "@sallyport/core";
import type { BroughtFile } from "../../brought.ts";
import { listMember, memberAt, textMember } from "../../json/read-json.ts";
import { readPublicKey } from "../../x509/public-key.ts";
import type { CertificateSummary } from "../scheme.ts";
import { readDocuments } from "./documents.ts";
import shipped from "./registry-keys.json" with { type: "json" };

export interface BareKey {
  /** How signatures name it; empty when the file does not say. */
  readonly id: string;
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Buffer;
  readonly validFrom: Date | undefined;
  readonly validUntil: Date | undefined;
  /** `npm:signatures`, `npm:attestations`; undefined for any use. */
  readonly usage: string | undefined;
  /** `--key FILE` as the person wrote it; undefined for what ships with the product. */
  readonly broughtBy: string | undefined;
}

const MAX_KEYS = 16;
const PEM = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]{1,4096})-----END PUBLIC KEY-----/g;

/** The registry's keys that ship with the product. */
export const shippedKeys = (): readonly BareKey[] => shipped.keys.flatMap((key) => readListed(key) ?? []);

/**
 * @returns undefined for a file that holds no key of these kinds
 * @throws {@link ArtifactError} when it holds a key that cannot be used
 */
export async function readKeys({ name, source }: BroughtFile): Promise<readonly BareKey[] | undefined> {
  const broughtBy = `--key ${name}`;
  const documents = await readDocuments(source);
  const listed = listMember(documents?.[0], "keys")?.map((key) => readListed(key, broughtBy));
  if (listed !== undefined && listed.length > 0 && listed.every((key) => key !== undefined))
    return listed.slice(0, MAX_KEYS);
  if (source.sizeBytes > 64 * 1024) return undefined;
  const text = (await readExactly(source, 0, source.sizeBytes, "the key")).toString("latin1");
  const blocks = [...text.matchAll(PEM)].slice(0, MAX_KEYS);
  if (blocks.length === 0) return undefined;
  return blocks.map(([, body = ""]) => toKey(Buffer.from(body, "base64"), { broughtBy }));
}

/** As `/-/npm/v1/keys` lists them, and as the trust root's `keys.json` does. */
function readListed(entry: Json, broughtBy?: string): BareKey | undefined {
  const raw = textMember(entry, "key") ?? textMember(memberAt(entry, "publicKey"), "rawBytes");
  const id = textMember(entry, "keyid") ?? textMember(entry, "keyId");
  if (raw === undefined || id === undefined) return undefined;
  const range = memberAt(entry, "publicKey", "validFor");
  return toKey(Buffer.from(raw, "base64"), {
    id,
    broughtBy,
    validFrom: readDate(textMember(range, "start")),
    validUntil: readDate(textMember(range, "end") ?? textMember(entry, "expires")),
    usage: textMember(entry, "keyUsage"),
  });
}

function toKey(publicKeyInfo: Buffer, known: Partial<BareKey>): BareKey {
  const { key, weakness } = readPublicKey(publicKeyInfo);
  if (weakness !== undefined)
    throw new ArtifactError("artifact.unsupported", `the key cannot be used: ${weakness}`);
  return {
    id: known.id ?? "",
    key,
    publicKeyInfo,
    validFrom: known.validFrom,
    validUntil: known.validUntil,
    usage: known.usage,
    broughtBy: known.broughtBy,
  };
}

/** A bare key as a signer. @param name - whose it is, when that is known */
export function summariseKey(key: BareKey, id: string, name?: string): CertificateSummary {
  const sha256 = createHash("sha256").update(key.publicKeyInfo).digest("hex");
  const commonName = name ?? (id === "" ? `key ${sha256.slice(0, 16)}` : id);
  return {
    subject: commonName,
    commonName,
    organisation: undefined,
    issuer: "",
    serial: sha256,
    sha256,
    ...(key.validFrom === undefined ? {} : { validFrom: key.validFrom.toISOString() }),
    ...(key.validUntil === undefined ? {} : { validUntil: key.validUntil.toISOString() }),
  };
}

/** Producers name a key by its own id or by a digest of it, each in its own spelling. */
export function isNamed({ id, publicKeyInfo }: BareKey, hint: string): boolean {
  if (hint === "") return false;
  const sha256 = createHash("sha256").update(publicKeyInfo).digest();
  const spellings = [id, sha256.toString("hex"), sha256.toString("base64")];
  spellings.push(`SHA256:${sha256.toString("base64").replace(/=+$/, "")}`);
  return spellings.includes(hint);
}

function readDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}
