/** Ordinary and signed files to damage: built in code, and from the development data where it lies beside. @module */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { buildThreeCxCase, writeCabinet, writeZip } from "@sallyport/gate/replica";
import { corpusFile } from "@sallyport/testkit";
import { buildElf } from "../../packages/gate/src/formats/elf/elf.fixture.ts";
import { whole as machOFile } from "../../packages/gate/src/formats/mach-o/reading.fixture.ts";

export interface Sample {
  readonly name: string;
  readonly bytes: Buffer;
}

const MOST_BYTES = 512 * 1024;
const CORPORA = ["relic", "jsign", "osslsigncode"];

export async function collectSamples(): Promise<readonly Sample[]> {
  const { clean, trojanised } = await buildThreeCxCase();
  const text = Buffer.from("a harmless line of text\n".repeat(200));
  const files = clean.files.map(({ name, content }) => ({ name, bytes: content }));
  const zip = writeZip([...files, { name: "read-me.txt", bytes: text }]);
  const built: Sample[] = [
    ...files,
    { name: "clean.msi", bytes: clean.msi },
    { name: "trojanised.msi", bytes: trojanised.msi },
    { name: "a.zip", bytes: zip },
    { name: "nested.zip", bytes: writeZip([{ name: "a.zip", bytes: zip }]) },
    { name: "a.cab", bytes: writeCabinet({ files: clean.files }) },
    { name: "a.gz", bytes: gzipSync(zip) },
    { name: "a.zst", bytes: zstdCompressSync(zip) },
    { name: "a.elf", bytes: buildElf({ wide: true, littleEndian: true }) },
    { name: "big-endian.elf", bytes: buildElf({ wide: false, littleEndian: false }) },
    { name: "a.macho", bytes: machOFile },
    { name: "a.tar", bytes: writeTar("a/read-me.txt", text) },
    { name: "a.tar.gz", bytes: gzipSync(writeTar("a/read-me.txt", text)) },
    { name: "a.xz", bytes: Buffer.from(XZ, "base64") },
    { name: "a.bz2", bytes: Buffer.from(BZIP2, "base64") },
  ];
  return [...built, ...CORPORA.flatMap(corpusSamples)].filter(({ bytes }) => bytes.length <= MOST_BYTES);
}

function corpusSamples(corpus: string): Sample[] {
  const folder = corpusFile(corpus);
  if (folder === undefined) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:exe|dll|msi|cab|cat|msix|appx|zip|jar|deb|rpm|efi|sys|ps1)$/i.test(name))
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => ({ name: `${corpus}/${name}`, bytes: readFileSync(join(folder, name)) }));
}

/** One file, POSIX.1-1988 ustar. */
function writeTar(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\x000000000\x000000000\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0        0", 136);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

/** The same text, by `xz` 5.4.1 and `bzip2` 1.0.8: Node makes neither. */
const XZ =
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4BK/ADZdADCICQZUY2+YWGIWe95FLO8FfVfKRw30yTMy1uyAURk6epCsZZh0Xbvcp0i4hJNa/jidgiZbAAAAAPnrAlzl0FoVAAFSwCUAAAD2yur8scRn+wIAAAAABFla";
const BZIP2 =
  "QlpoOTFBWSZTWX5T7yMAAlfRgAAQQAAjZ5xAIACQKYAAClVPSaNMeqbBFsIsEW4i+CLcRfRF0IuRFwIuxFyIthF2ItCLBFgi0IsEWCLBF/EXsRaEXgu5IpwoSD8p95GA";
