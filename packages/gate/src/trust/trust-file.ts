/** Anchors and revocation lists that a person hands in. Sources: RFC 7468 (PEM), RFC 5280. @module */

import { hasCode, UsageError } from "@sallyport/core";
import { readRevocationList } from "../x509/revocation-list.ts";
import { anchorFrom } from "./anchor.ts";
import { createTrustStore, type TrustAnchor, type TrustStore } from "./trust-store.ts";

/** Larger than every public bundle and list there is. */
const MAX_TRUST_FILE_BYTES = 64 * 1024 * 1024;
const MAX_ANCHORS = 5000;

/**
 * Adds what a file holds: PEM certificates and PEM revocation lists in any number, or one DER certificate or list.
 * @param path - as the person wrote it: for messages and as the origin of the anchors
 * @throws {@link UsageError} `usage.trust` naming the path, what was expected and what to do
 */
export function withAnchorsFromPem(store: TrustStore, bytes: Uint8Array, path: string): TrustStore {
  if (bytes.byteLength > MAX_TRUST_FILE_BYTES) throw refused(path, "is larger than 64 MiB");
  const blocks = blocksOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), path);
  if (blocks.length > MAX_ANCHORS) throw refused(path, `holds more than ${MAX_ANCHORS} entries`);
  const anchors: TrustAnchor[] = [];
  const lists: Uint8Array[] = [];
  for (const [index, block] of blocks.entries()) {
    try {
      const list = block.kind === "list" || (block.kind === "unknown" && isList(block.der));
      if (list) lists.push(checkedList(block.der));
      else anchors.push(addedAnchor(block.der, path));
    } catch (error) {
      if (!hasCode(error, "artifact.malformed", "artifact.unsupported", "artifact.truncated")) throw error;
      throw refused(path, `entry ${index + 1} cannot be used (${error.message})`, error);
    }
  }
  return createTrustStore([...store.anchors, ...anchors], [...store.revocationLists, ...lists]);
}

function addedAnchor(der: Buffer, path: string): TrustAnchor {
  const anchor = anchorFrom(der, {
    id: "",
    family: "added",
    origin: `--trust ${path}`,
    purposes: ["code-signing", "timestamping"],
  });
  return { ...anchor, id: `added-${anchor.certificateSha256.slice(0, 16)}` };
}

interface Block {
  readonly kind: "certificate" | "list" | "unknown";
  readonly der: Buffer;
}

const BEGIN = "-----BEGIN ";

function blocksOf(bytes: Buffer, path: string): Block[] {
  if (bytes[0] === 0x30) return [{ kind: "unknown", der: bytes }];
  const text = bytes.toString("latin1");
  const blocks: Block[] = [];
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
    const labelEnd = text.indexOf("-----", at + BEGIN.length);
    const label = labelEnd < 0 || labelEnd - at > 64 ? "" : text.slice(at + BEGIN.length, labelEnd);
    const kind = KINDS.get(label);
    if (kind === undefined)
      throw refused(path, `holds "${printable(label)}", which is no certificate or revocation list`);
    const end = text.indexOf(`-----END ${label}-----`, labelEnd);
    if (end < 0) throw refused(path, "is cut short: an END line is missing");
    const body = text.slice(labelEnd + 5, end).replaceAll(/\s+/g, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) throw refused(path, "holds a block that is not base64");
    blocks.push({ kind, der: Buffer.from(body, "base64") });
    at = end;
  }
  if (blocks.length === 0) throw refused(path, "holds no certificate");
  return blocks;
}

const KINDS: ReadonlyMap<string, Block["kind"]> = new Map([
  ["CERTIFICATE", "certificate"],
  ["X509 CERTIFICATE", "certificate"],
  ["X509 CRL", "list"],
]);

function checkedList(der: Buffer): Buffer {
  readRevocationList(der);
  return der;
}

function isList(der: Buffer): boolean {
  try {
    readRevocationList(der);
    return true;
  } catch {
    return false;
  }
}

const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?");

function refused(path: string, what: string, cause?: unknown): UsageError {
  return new UsageError(
    "usage.trust",
    `${path} ${what}. Expected certificates or revocation lists, PEM (-----BEGIN CERTIFICATE-----) or one in DER. ` +
      "Convert it with `openssl x509 -in FILE -out FILE.pem` (or `openssl crl`) and pass that.",
    cause === undefined ? {} : { cause },
  );
}
