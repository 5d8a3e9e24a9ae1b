/**
 * Checks Merkle proofs. Sizes are BigInt: they come from outside and go up to 2^64 - 1.
 * Sources: RFC 9162 §2.1.3.2 (inclusion), draft-ietf-plants-merkle-tree-certs §4.3 and §4.4 (subtrees), of which
 * the consistency proof of RFC 6962 §2.1.2 is the case that starts at 0.
 * @module
 */

import { timingSafeEqual } from "node:crypto";
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from "./merkle.ts";

const MAX_SIZE = 2n ** 64n - 1n;

/** A proof that an entry is in a tree, or in the subtree that begins at `start`. */
export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** True when `leafHash` is entry `index` of the tree of `size` entries with that root. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { index, size, proof } = claim;
  if (!inRange(index, size) || index >= size) return false;
  if (!areHashes([claim.leafHash, claim.root, ...proof])) return false;
  let node = index;
  let last = size - 1n;
  let hash: Uint8Array = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && isEqual(hash, claim.root);
}

/** True when `leafHash` is entry `index` of the log, which lies in the subtree [start, end) with that root. */
export function verifySubtreeInclusion(claim: Omit<InclusionClaim, "size"> & Range): boolean {
  const { start, end, index } = claim;
  if (!isSubtree(start, end) || index < start) return false;
  return verifyInclusion({ ...claim, index: index - start, size: end - start });
}

export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

export interface ConsistencyClaim {
  readonly oldSize: bigint;
  readonly size: bigint;
  readonly oldRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** True when the tree of `size` entries extends the tree of `oldSize`. An old size of 0 proves nothing: false. */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { oldSize, size, oldRoot, root, proof } = claim;
  if (oldSize === 0n) return false;
  return verifySubtreeConsistency({ start: 0n, end: oldSize, size, subtreeRoot: oldRoot, root, proof });
}

export interface SubtreeConsistencyClaim extends Range {
  readonly size: bigint;
  readonly subtreeRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** True when the subtree [start, end) with its root is part of the tree of `size` entries. */
export function verifySubtreeConsistency(claim: SubtreeConsistencyClaim): boolean {
  const { start, end, size, subtreeRoot, root, proof } = claim;
  if (!inRange(size) || !isSubtree(start, end) || end > size) return false;
  // Nothing is part of every tree; the tree's own root does not enter into it.
  if (start === end) return proof.length === 0 && isEqual(subtreeRoot, EMPTY_ROOT);
  if (start === 0n && end === size) return proof.length === 0 && isEqual(subtreeRoot, root);
  if (!areHashes([subtreeRoot, root, ...proof])) return false;
  const path = firstPartialNode(start, end - 1n, size - 1n);
  const isWhole = path.first === path.last;
  const seed = isWhole ? subtreeRoot : proof[0];
  if (seed === undefined) return false;
  const hashes = climb(path, seed, isWhole ? proof : proof.slice(1));
  return hashes !== undefined && isEqual(hashes.subtree, subtreeRoot) && isEqual(hashes.tree, root);
}

/** Nodes on one level: where the subtree begins and ends, and where the tree ends. */
interface Path {
  readonly first: bigint;
  readonly last: bigint;
  readonly treeLast: bigint;
}

const parent = ({ first, last, treeLast }: Path): Path => ({
  first: first >> 1n,
  last: last >> 1n,
  treeLast: treeLast >> 1n,
});

/** The level on which the proof begins: that of the subtree's last full node. */
function firstPartialNode(first: bigint, last: bigint, treeLast: bigint): Path {
  let path: Path = { first, last, treeLast };
  while (path.first !== path.last && (last === treeLast || isOdd(path.last))) path = parent(path);
  return path;
}

function climb(
  begin: Path,
  seed: Uint8Array,
  proof: readonly Uint8Array[],
): { subtree: Uint8Array; tree: Uint8Array } | undefined {
  let path = begin;
  let subtree = seed;
  let tree = seed;
  for (const sibling of proof) {
    if (path.treeLast === 0n) return undefined;
    if (isOdd(path.last) || path.last === path.treeLast) {
      if (path.first < path.last) subtree = nodeHash(sibling, subtree);
      tree = nodeHash(sibling, tree);
      while (!isOdd(path.last) && path.last !== 0n) path = parent(path);
    } else {
      tree = nodeHash(tree, sibling);
    }
    path = parent(path);
  }
  return path.treeLast === 0n ? { subtree, tree } : undefined;
}

const isOdd = (value: bigint): boolean => (value & 1n) === 1n;
const inRange = (...values: readonly bigint[]): boolean =>
  values.every((value) => value >= 0n && value <= MAX_SIZE);
const areHashes = (values: readonly Uint8Array[]): boolean =>
  values.every((value) => value.length === HASH_BYTES);
const isEqual = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** A range is a subtree when its start is a multiple of the smallest power of two that is no smaller than it. */
function isSubtree(start: bigint, end: bigint): boolean {
  if (!inRange(start, end) || start > end) return false;
  let power = 1n;
  while (power < end - start) power <<= 1n;
  return start % power === 0n;
}
