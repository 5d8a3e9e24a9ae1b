import fc from "fast-check";
import { expect, it } from "vitest";
import {
  appendLeaf,
  consistencyProof,
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  type NodeReader,
  nodeHash,
  rangeHash,
} from "./merkle.ts";
import { verifyConsistency, verifyInclusion, verifySubtreeConsistency } from "./merkle-verify.ts";

/** Leaves and roots that every RFC 6962 implementation is checked against (certificate-transparency, merkle_tree_test). */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** The definition of RFC 6962 §2.1, word for word. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return first;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

function grow(leaves: readonly Uint8Array[]): NodeReader {
  const nodes = new Map<string, Uint8Array>();
  const read: NodeReader = (level, index) => {
    const node = nodes.get(`${level}/${index}`);
    if (node === undefined) throw new Error(`no node ${level}/${index}`);
    return node;
  };
  leaves.forEach((leaf, size) => {
    appendLeaf(size, leaf, read, (level, index, node) => nodes.set(`${level}/${index}`, node));
  });
  return read;
}

const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(String(index))));

it("gives the roots that RFC 6962 implementations agree on", () => {
  expect(EMPTY_ROOT.toString("hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const read = grow(LEAVES.map((hex) => leafHash(Buffer.from(hex, "hex"))));
  ROOTS.forEach((root, index) => {
    expect(Buffer.from(rangeHash(0, index + 1, read)).toString("hex")).toBe(root);
  });
});

it("proves every entry of every tree, and every tree's extension of every smaller one", () => {
  const leaves = leavesOf(70);
  const read = grow(leaves);
  for (let size = 1; size <= leaves.length; size += 1) {
    const root = rangeHash(0, size, read);
    expect(root).toEqual(definedRoot(leaves.slice(0, size)));
    for (let at = 0; at < size; at += 1) {
      const claim = { index: BigInt(at), size: BigInt(size), leafHash: leaves[at] ?? EMPTY_ROOT, root };
      expect(verifyInclusion({ ...claim, proof: inclusionProof(at, size, read) })).toBe(true);
      const old = { oldSize: BigInt(at + 1), oldRoot: rangeHash(0, at + 1, read), size: BigInt(size), root };
      expect(verifyConsistency({ ...old, proof: consistencyProof(at + 1, size, read) })).toBe(true);
    }
  }
});

it("accepts an inclusion proof for no other entry, size, root or order", () => {
  const leaves = leavesOf(600);
  const read = grow(leaves);
  const sizes = fc.integer({ min: 2, max: leaves.length });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, atSeed, otherSeed, bit) => {
      const at = atSeed % size;
      const proof = inclusionProof(at, size, read);
      const claim = {
        index: BigInt(at),
        size: BigInt(size),
        leafHash: leaves[at] ?? EMPTY_ROOT,
        root: rangeHash(0, size, read),
        proof,
      };
      expect(verifyInclusion(claim)).toBe(true);
      const other = otherSeed % size;
      if (other !== at) {
        expect(verifyInclusion({ ...claim, index: BigInt(other) })).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: leaves[other] ?? EMPTY_ROOT })).toBe(false);
      }
      expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: [...proof, EMPTY_ROOT] })).toBe(false);
      expect(verifyInclusion({ ...claim, proof: flipBit(proof, bit) })).toBe(false);
      expect(verifyInclusion({ ...claim, root: EMPTY_ROOT })).toBe(false);
    }),
    { seed: 6962, numRuns: 300 },
  );
});

it("accepts a consistency proof for no forked or shrunk tree", () => {
  const read = grow(leavesOf(600));
  const forkedRead = grow([leafHash(Buffer.from("fork")), ...leavesOf(600).slice(1)]);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 600 }), fc.nat(), fc.nat(), (size, oldSeed, bit) => {
      const oldSize = 1 + (oldSeed % (size - 1));
      const proof = consistencyProof(oldSize, size, read);
      const claim = {
        oldSize: BigInt(oldSize),
        size: BigInt(size),
        oldRoot: rangeHash(0, oldSize, read),
        root: rangeHash(0, size, read),
        proof,
      };
      expect(verifyConsistency(claim)).toBe(true);
      expect(verifyConsistency({ ...claim, oldRoot: rangeHash(0, oldSize, forkedRead) })).toBe(false);
      expect(verifyConsistency({ ...claim, root: rangeHash(0, size, forkedRead) })).toBe(false);
      expect(verifyConsistency({ ...claim, oldSize: claim.size, size: claim.oldSize })).toBe(false);
      expect(verifyConsistency({ ...claim, proof: flipBit(proof, bit) })).toBe(false);
      expect(verifyConsistency({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
    }),
    { seed: 6962, numRuns: 300 },
  );
});

it("answers no, quickly, for sizes no tree can have", () => {
  const claim = { leafHash: EMPTY_ROOT, root: EMPTY_ROOT, proof: [] };
  for (const size of [0n, -1n, 2n ** 64n, 2n ** 4096n])
    expect(verifyInclusion({ ...claim, index: 0n, size })).toBe(false);
  const subtree = { subtreeRoot: EMPTY_ROOT, root: EMPTY_ROOT, proof: [] };
  expect(verifySubtreeConsistency({ ...subtree, start: 0n, end: 2n ** 64n - 1n, size: 2n ** 64n })).toBe(
    false,
  );
  expect(verifySubtreeConsistency({ ...subtree, start: -8n, end: -4n, size: 1n })).toBe(false);
});

function flipBit(proof: readonly Uint8Array[], bit: number): Uint8Array[] {
  const copy = proof.map((hash) => Buffer.from(hash));
  const hash = copy[bit % copy.length];
  const at = (bit >> 3) % 32;
  if (hash !== undefined) hash[at] = (hash[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
