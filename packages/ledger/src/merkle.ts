/**
 * The Merkle tree of RFC 6962 §2.1, read from stored nodes: every full subtree's hash is kept, so a root or a
 * proof costs a logarithm of reads.
 * @module
 */

import { hash } from "node:crypto";

export const HASH_BYTES = 32;

/** Domain separation of RFC 6962 §2.1: a leaf can never be passed off as a node. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");

export const leafHash = (entry: Uint8Array): Buffer => sha256(LEAF, entry);
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);
/** Root of the tree with no entries. */
export const EMPTY_ROOT: Buffer = sha256();

/** Hash of the full subtree of `2^level` leaves that starts at leaf `index * 2^level`. */
export type NodeReader = (level: number, index: number) => Uint8Array;

/**
 * Grows the tree by one leaf.
 * @param size - leaves before
 * @param write - takes every full subtree that the leaf completes, from the leaf up
 */
export function appendLeaf(
  size: number,
  leaf: Uint8Array,
  read: NodeReader,
  write: (level: number, index: number, node: Uint8Array) => void,
): void {
  let node = leaf;
  let index = size;
  write(0, index, node);
  for (let level = 0; index % 2 === 1; level += 1) {
    node = nodeHash(read(level, index - 1), node);
    index = Math.floor(index / 2);
    write(level + 1, index, node);
  }
}

/** MTH(D[start:end]) of RFC 6962 §2.1 for a range that starts on a subtree's border. */
export function rangeHash(start: number, end: number, read: NodeReader): Uint8Array {
  const size = end - start;
  if (size === 0) return EMPTY_ROOT;
  const split = splitOf(size);
  if (split === 0) return read(Math.log2(size), start / size);
  return nodeHash(rangeHash(start, start + split, read), rangeHash(start + split, end, read));
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1, leaf to root. */
export function inclusionProof(index: number, size: number, read: NodeReader): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      proof.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  return proof.reverse();
}

/** PROOF(oldSize, D[size]) of RFC 6962 §2.1.2; empty when nothing was added or the old tree was empty. */
export function consistencyProof(oldSize: number, size: number, read: NodeReader): Uint8Array[] {
  const proof: Uint8Array[] = [];
  if (oldSize === 0 || oldSize === size) return proof;
  let start = 0;
  let end = size;
  while (end !== oldSize) {
    const middle = start + largestPowerBelow(end - start);
    if (oldSize <= middle) {
      proof.push(rangeHash(middle, end, read));
      end = middle;
    } else {
      proof.push(rangeHash(start, middle, read));
      start = middle;
    }
  }
  // The old root is known to whoever asks, unless the old tree's last subtree is only a part of it.
  if (start !== 0) proof.push(rangeHash(start, end, read));
  return proof.reverse();
}

/** Largest power of two smaller than `size`; sizes stay below 2^53, where logarithms of powers are exact. */
function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** Where a range that is no full subtree splits; 0 for a full one. */
function splitOf(size: number): number {
  const power = largestPowerBelow(size);
  return power * 2 === size || size === 1 ? 0 : power;
}
