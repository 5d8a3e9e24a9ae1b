/**
 * The block map: for each file its size, the length of its header, and a digest of every 64 KiB. Windows installs by
 * it, piece by piece, so it and the archive must tell the same story.
 * Source: Microsoft Learn, "App package block map schema".
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { ArtifactError, type Budget } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import { elementsOf, type XmlElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import { FOOTPRINT, fileNameOf, NAMES } from "./names.ts";

const MAX_MAP_BYTES = 64 * 1024 * 1024;
const BLOCK_BYTES = 64 * 1024;
const METHODS: ReadonlyMap<string, string> = new Map([
  ["http://www.w3.org/2001/04/xmlenc#sha256", "sha256"],
  ["http://www.w3.org/2001/04/xmldsig-more#sha384", "sha384"],
  ["http://www.w3.org/2001/04/xmlenc#sha512", "sha512"],
]);

interface MappedFile {
  readonly sizeBytes: number;
  readonly headerBytes: number | undefined;
  readonly blocks: readonly Buffer[];
}

/**
 * Compares every file with the map.
 * @param isElsewhere - members that something else vouches for: a bundle's packages
 * @returns findings of check `structure`
 */
export async function judgeBlockMap(
  zip: ZipLookup,
  isElsewhere: (entry: ZipEntry) => boolean,
  budget: Budget,
): Promise<readonly Finding[]> {
  const entry = zip.find(NAMES.blockMap);
  if (entry === undefined) return [fail("it has no block map, by which Windows installs it")];
  const map = readBlockMap(readXml(await zip.read(entry, MAX_MAP_BYTES)));
  if (typeof map === "string") return [{ ...fail(map), outcome: "unknown" }];
  const findings: Finding[] = [...map.twice].map((name) => fail("its block map lists it twice", name));
  const unseen = new Set(map.files.keys());
  for (const member of zip.entries) {
    if (FOOTPRINT.has(member.name) || (member.isFolder && member.sizeBytes === 0)) continue;
    const name = fileNameOf(member.name).replaceAll("/", "\\");
    const file = map.files.get(name);
    unseen.delete(name);
    if (file === undefined && isElsewhere(member)) continue;
    const problem =
      file === undefined
        ? "its block map does not list it"
        : await compare(zip, member, { file, map, budget });
    if (problem !== undefined) findings.push(fail(problem, member.name));
  }
  for (const name of unseen)
    findings.push(fail(`its block map lists ${name.slice(0, 200)}, which is not there`));
  return findings;
}

interface BlockMap {
  readonly algorithm: string;
  readonly files: ReadonlyMap<string, MappedFile>;
  readonly twice: ReadonlySet<string>;
}

/** @returns a sentence when the digest is of a kind not known here */
function readBlockMap(root: XmlElement): BlockMap | string {
  if (root.name !== "BlockMap") throw malformed("the block map is not one");
  const method = root.attributes.get("HashMethod") ?? "";
  const algorithm = METHODS.get(method);
  if (algorithm === undefined)
    return `its block map uses a digest that is not known here: ${method.slice(0, 100)}`;
  const files = new Map<string, MappedFile>();
  const twice = new Set<string>();
  for (const element of elementsOf(root, "File")) {
    const name = element.attributes.get("Name");
    if (name === undefined) throw malformed("the block map lists a file without a name");
    if (files.has(name)) twice.add(name);
    files.set(name, readFile(element));
  }
  return { algorithm, files, twice };
}

function readFile(element: XmlElement): MappedFile {
  const header = element.attributes.get("LfhSize");
  return {
    sizeBytes: readCount(element.attributes.get("Size")),
    headerBytes: header === undefined ? undefined : readCount(header),
    blocks: elementsOf(element, "Block").map(({ attributes }) =>
      Buffer.from(attributes.get("Hash") ?? "", "base64"),
    ),
  };
}

async function compare(
  zip: ZipLookup,
  member: ZipEntry,
  { file, map, budget }: { file: MappedFile; map: BlockMap; budget: Budget },
): Promise<string | undefined> {
  if (file.sizeBytes !== member.sizeBytes) return "its block map gives it another size";
  const { headerOffset, dataOffset } = await zip.place(member);
  if (file.headerBytes !== undefined && file.headerBytes !== dataOffset - headerOffset)
    return "its block map gives its header another length";
  if (file.blocks.length !== Math.ceil(member.sizeBytes / BLOCK_BYTES))
    return "its block map gives it another number of blocks";
  const hasher = new BlockHasher(map.algorithm);
  for await (const piece of zip.content(member)) {
    budget.checkTime();
    hasher.update(piece);
  }
  const differs = hasher.end().findIndex((digest, at) => !digest.equals(file.blocks[at] ?? Buffer.alloc(0)));
  return differs < 0 ? undefined : `its block map has another digest for its block ${differs}`;
}

class BlockHasher {
  readonly #algorithm: string;
  readonly #digests: Buffer[] = [];
  #hash: Hash;
  #filled = 0;

  constructor(algorithm: string) {
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + BLOCK_BYTES - this.#filled);
      this.#hash.update(piece);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === BLOCK_BYTES) this.#next();
    }
  }

  end(): readonly Buffer[] {
    if (this.#filled > 0) this.#next();
    return this.#digests;
  }

  #next(): void {
    this.#digests.push(this.#hash.digest());
    this.#hash = createHash(this.#algorithm);
    this.#filled = 0;
  }
}

function readCount(text: string | undefined): number {
  if (text === undefined || !/^[0-9]{1,15}$/.test(text))
    throw malformed("the block map has a size that is none");
  return Number(text);
}

const fail = (because: string, member?: string): Finding => ({
  check: "structure",
  outcome: "fail",
  because,
  facts: {},
  ...(member !== undefined && { member }),
});

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `appx: ${message}`);
