/**
 * Files to damage: an ordinary one of every format and a signed one of every scheme, as their folders give them, what
 * the replica builds, and the development data where it lies beside.
 * @module
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { buildThreeCxCase, writeCabinet, writeZip } from "@sallyport/gate/replica";
import { corpusFile, type SchemeSample } from "@sallyport/testkit";
import { buildElf } from "../../packages/gate/src/formats/elf/elf.fixture.ts";
import { formats } from "../../packages/gate/src/formats/registry.ts";
import { signatureSchemes } from "../../packages/gate/src/signatures/registry.ts";

export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
  /** What is known of a signed one: whoever signed it is accepted, and no damage may be admitted. */
  readonly signed?: SchemeSample;
}

const MOST_BYTES = 512 * 1024;
const CORPORA = ["relic", "jsign", "osslsigncode"];

export async function collectSamples(): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const { id } of formats) {
    const { sample } = await import(`../../packages/gate/src/formats/${id}/sample.fixture.ts`);
    const bytes: Buffer = await sample();
    samples.push({ name: id, bytes }, { name: `${id}.zip`, bytes: writeZip([{ name: `a.${id}`, bytes }]) });
  }
  for (const { id } of signatureSchemes) {
    const { sample } = await import(`../../packages/gate/src/signatures/${id}/sample.fixture.ts`);
    const signed: SchemeSample = await sample();
    samples.push({ name: `signed by ${id}`, bytes: signed.bytes, signed });
  }
  samples.push(...(await replicaSamples()), ...CORPORA.flatMap(corpusSamples));
  return samples.filter(({ bytes }) => bytes.length <= MOST_BYTES);
}

async function replicaSamples(): Promise<Sample[]> {
  const { clean, trojanised } = await buildThreeCxCase();
  const files = clean.files.map(({ name, content }) => ({ name, bytes: content }));
  const zip = writeZip(files);
  return [
    ...files,
    { name: "clean.msi", bytes: clean.msi },
    { name: "trojanised.msi", bytes: trojanised.msi },
    { name: "nested.zip", bytes: writeZip([{ name: "a.zip", bytes: zip }]) },
    { name: "programs.cab", bytes: writeCabinet({ files: clean.files }) },
    { name: "programs.zip.gz", bytes: gzipSync(zip) },
    { name: "programs.zip.zst", bytes: zstdCompressSync(zip) },
    { name: "big-endian.elf", bytes: buildElf({ wide: false, littleEndian: false }) },
  ];
}

function corpusSamples(corpus: string): Sample[] {
  const folder = corpusFile(corpus);
  if (folder === undefined) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .filter((name) => !/(?:^|\/)(?:ORIGIN\.md|LICENSE[^/]*|COPYING[^/]*|[^/]+\.pem)$/.test(name))
    .map((name) => ({ name: `${corpus}/${name}`, bytes: readFileSync(join(folder, name)) }));
}
