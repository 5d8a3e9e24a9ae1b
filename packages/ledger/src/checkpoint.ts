/**
 * A log's state in one signed sentence. Sources: https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note
 *
 *     origin
 *     size, decimal
 *     root hash, base64
 *     (blank)
 *     — origin base64(key id ‖ signature)
 * @module
 */

import { type KeyObject, sign } from "node:crypto";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { HASH_BYTES } from "./merkle.ts";
import { noteKeyId, type PublicKey } from "./public-key.ts";

/** Bounds for a note from outside; c2sp.org/tlog-checkpoint leaves them to the reader. */
const MAX_NOTE_CHARACTERS = 64 * 1024;
const MAX_SIGNATURES = 64;
const MAX_SIZE = 2n ** 64n - 1n;

export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Buffer;
}

/** @returns the signed note */
export function signCheckpoint(
  checkpoint: Checkpoint,
  signer: { publicKey: PublicKey; privateKey: KeyObject },
): string {
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${encodeBase64(checkpoint.root)}\n`;
  const signature = sign(null, Buffer.from(text), signer.privateKey);
  const line = encodeBase64(Buffer.concat([noteKeyId(signer.publicKey), signature]));
  return `${text}\n— ${signer.publicKey.origin} ${line}\n`;
}

/**
 * Reads a checkpoint and checks the signature of one key; signatures of other keys are passed over.
 * @returns the checkpoint, or a sentence saying why it cannot be trusted
 */
export function openCheckpoint(note: string, key: PublicKey): Checkpoint | string {
  if (note.length > MAX_NOTE_CHARACTERS) return "the checkpoint is too long";
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) return "the checkpoint is not a signed note";
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return "the checkpoint carries too many signatures";
  const signatures = lines.map(readSignature);
  if (signatures.includes(undefined)) return "a signature line of the checkpoint is malformed";
  const keyId = noteKeyId(key);
  const own = signatures.filter((line) => line?.name === key.origin && line.keyId.equals(keyId));
  if (own.length === 0) return "the checkpoint is not signed by this key";
  const message = Buffer.from(text);
  if (!own.every((line) => line !== undefined && verifyEd25519(key.key, message, line.signature)))
    return "the checkpoint's signature is wrong";
  return readBody(text);
}

function readSignature(line: string): { name: string; keyId: Buffer; signature: Buffer } | undefined {
  const match = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const bytes = decodeBase64(match?.[2] ?? "");
  // Other keys may use other algorithms: only the key id in front is common to all.
  if (match === null || bytes === undefined || bytes.length <= 4) return undefined;
  return { name: match[1] ?? "", keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Extension lines may follow the root; they are covered by the signature and mean nothing here. */
function readBody(text: string): Checkpoint | string {
  const [origin = "", size = "", root = "", ...extensions] = text.slice(0, -1).split("\n");
  if (origin === "" || extensions.includes("")) return "the checkpoint is malformed";
  if (!/^(0|[1-9][0-9]{0,19})$/.test(size) || BigInt(size) > MAX_SIZE)
    return "the checkpoint's size is malformed";
  const hash = decodeBase64(root);
  if (hash?.length !== HASH_BYTES) return "the checkpoint's root hash is malformed";
  return { origin, size: BigInt(size), root: hash };
}
