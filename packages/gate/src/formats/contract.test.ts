import { gzipSync, zstdCompressSync } from "node:zlib";
import { formatContract } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeCabinet, writeMsi, writeZip } from "../replica/index.ts";
import { buildPeImage } from "../replica/pe-image.ts";
import { buildElf } from "./elf/elf.fixture.ts";
import { whole as machOFile } from "./mach-o/reading.fixture.ts";
import { formats } from "./registry.ts";

const text = Buffer.from("a harmless line of text\n".repeat(200));

/** An ordinary file of each format; made by `xz` 5.4.1 and `bzip2` 1.0.8 where Node cannot make one. */
const samples: Readonly<Record<string, () => Buffer>> = {
  pe: () => buildPeImage(),
  elf: () => buildElf({ wide: true, littleEndian: true }),
  "mach-o": () => machOFile,
  ole: () =>
    writeMsi({
      product: "Sample",
      company: "Example",
      version: "1.0.0",
      folder: "Sample",
      files: [{ name: "a.txt", content: text }],
    }),
  cab: () => writeCabinet({ files: [{ name: "a.txt", content: text }] }),
  zip: () => writeZip([{ name: "a.txt", bytes: text }]),
  gzip: () => gzipSync(text),
  tar: () => tarOf("a.txt", text),
  zstd: () => zstdCompressSync(text),
  xz: () =>
    Buffer.from(
      "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4BK/ADZdADCICQZUY2+YWGIWe95FLO8FfVfKRw30yTMy1uyAURk6epCsZZh0Xbvcp0i4hJNa/jidgiZbAAAAAPnrAlzl0FoVAAFSwCUAAAD2yur8scRn+wIAAAAABFla",
      "base64",
    ),
  bzip2: () =>
    Buffer.from(
      "QlpoOTFBWSZTWX5T7yMAAlfRgAAQQAAjZ5xAIACQKYAAClVPSaNMeqbBFsIsEW4i+CLcRfRF0IuRFwIuxFyIthF2ItCLBFgi0IsEWCLBF/EXsRaEXgu5IpwoSD8p95GA",
      "base64",
    ),
};

it("has a sample of every format", () => {
  expect(Object.keys(samples).sort()).toEqual(formats.map(({ id }) => id).sort());
});

describe.each(formats)("the format $id", (format) => {
  formatContract(format, samples[format.id]?.() ?? Buffer.alloc(0));
});

/** One file, POSIX.1-1988 ustar. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\x000000000\x000000000\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0        0", 136);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([
    header,
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
    Buffer.alloc(1024),
  ]);
}
