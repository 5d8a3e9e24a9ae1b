/** Vectors of others: transparency-dev/merkle, transparency-dev/tessera, C2SP/wycheproof. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { openCheckpoint } from "./checkpoint.ts";
import { keyObjectOf, verifyEd25519, weaknessOf } from "./ed25519.ts";
import { EMPTY_ROOT, leafHash, nodeHash } from "./merkle.ts";
import {
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from "./merkle-verify.ts";
import { parsePublicKey } from "./public-key.ts";
import { readBundle, tilePath } from "./tiles.ts";

type Vector = Record<string, unknown> & { readonly wantErr: boolean; readonly desc: string };

/** Keeps integers that a JSON number would round. */
const readVector = (file: string): Vector =>
  JSON.parse(readFileSync(file, "utf8"), (_key, value, context?: { source?: string }) =>
    typeof value === "number" ? BigInt(context?.source ?? value) : value,
  );

const integer = (vector: Vector, name: string): bigint => {
  const value = vector[name];
  return typeof value === "bigint" ? value : -1n;
};
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === "string" ? value : "", "base64");
const proofOf = (vector: Vector): Buffer[] => (Array.isArray(vector.proof) ? vector.proof.map(bytes) : []);

const VERIFIERS: Record<string, (vector: Vector) => boolean> = {
  inclusion: (vector) =>
    verifyInclusion({
      index: integer(vector, "leafIdx"),
      size: integer(vector, "treeSize"),
      leafHash: bytes(vector.leafHash),
      proof: proofOf(vector),
      root: bytes(vector.root),
    }),
  consistency: (vector) =>
    verifyConsistency({
      oldSize: integer(vector, "size1"),
      size: integer(vector, "size2"),
      oldRoot: bytes(vector.root1),
      root: bytes(vector.root2),
      proof: proofOf(vector),
    }),
  subtreeinclusion: (vector) =>
    verifySubtreeInclusion({
      index: integer(vector, "leafIdx"),
      start: integer(vector, "start"),
      end: integer(vector, "end"),
      leafHash: bytes(vector.leafHash),
      proof: proofOf(vector),
      root: bytes(vector.root),
    }),
  subtreeconsistency: (vector) =>
    verifySubtreeConsistency({
      start: integer(vector, "start"),
      end: integer(vector, "end"),
      size: integer(vector, "size"),
      subtreeRoot: bytes(vector.root1),
      root: bytes(vector.root2),
      proof: proofOf(vector),
    }),
};

it("judges all 518 Merkle proofs as their authors do", ({ skip }) => {
  const folder = corpusFile("merkle/testdata") ?? skip(NO_CORPUS);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".json"),
  );
  expect(files).toHaveLength(518);
  const wrong = files.filter((file) => {
    const vector = readVector(join(folder, file));
    const verify = VERIFIERS[file.split("/")[0] ?? ""];
    return verify === undefined || verify(vector) === vector.wantErr;
  });
  expect(wrong).toEqual([]);
});

const TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

/** Folds leaf hashes with nothing but RFC 6962 §2.1. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

it("reads another log's checkpoints, hash tiles and entry bundles", ({ skip }) => {
  const folder = corpusFile("tessera/log") ?? skip(NO_CORPUS);
  const key = parsePublicKey(TESSERA_KEY);
  for (let size = 0; size <= 15; size += 1) {
    const checkpoint = openCheckpoint(readFileSync(join(folder, `checkpoint.${size}`), "utf8"), key);
    if (typeof checkpoint === "string") throw new Error(checkpoint);
    expect(checkpoint).toMatchObject({ origin: key.origin, size: BigInt(size) });
    const tile = size === 0 ? Buffer.alloc(0) : readFileSync(join(folder, tilePath(0, 0, size)));
    const hashes = Array.from({ length: size }, (_, at) => tile.subarray(at * 32, at * 32 + 32));
    expect(tile).toHaveLength(size * 32);
    expect(Buffer.from(rootOf(hashes))).toEqual(checkpoint.root);
    const bundle = size === 0 ? Buffer.alloc(0) : readFileSync(join(folder, tilePath("entries", 0, size)));
    const entries = readBundle(bundle) ?? [];
    expect(Buffer.from(rootOf(entries.map(leafHash)))).toEqual(checkpoint.root);
  }
});

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly { tcId: number; msg: string; sig: string; result: string }[];
  }[];
}

it("accepts all valid Ed25519 signatures and no invalid one", ({ skip }) => {
  const file = corpusFile("wycheproof/ed25519_test.json") ?? skip(NO_CORPUS);
  const { testGroups }: Wycheproof = JSON.parse(readFileSync(file, "utf8"));
  const counts = { valid: 0, invalid: 0 };
  for (const { publicKey, tests } of testGroups) {
    const raw = Buffer.from(publicKey.pk, "hex");
    expect(weaknessOf(raw), publicKey.pk).toBeUndefined();
    for (const { tcId, msg, sig, result } of tests) {
      const isValid = verifyEd25519(keyObjectOf(raw), Buffer.from(msg, "hex"), Buffer.from(sig, "hex"));
      expect(isValid, `case ${tcId}`).toBe(result === "valid");
      counts[isValid ? "valid" : "invalid"] += 1;
    }
  }
  expect(counts).toEqual({ valid: 88, invalid: 63 });
});
