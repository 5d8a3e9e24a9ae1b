import { addSection, FLAGS } from "../edit/pe.ts";
import { words, xor } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const ADDRESS = "https://updates.example-storage.invalid/images/icon13.ico\0";

export const encodedAddress: Technique = {
  id: "encoded-address",
  title: "Address of a server as a string under one key",
  shape: "libffmpeg.dylib of 3CX for macOS, strings under 0x7a, 2023 (Objective-See)",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) => {
      const strings = Buffer.concat([words(256), xor(Buffer.from(ADDRESS), 0x7a), words(256)]);
      return world.sign(addSection(original, ".rdata2", FLAGS.readOnly, () => strings).image);
    }),
  twinTitle: "the address of a page of documentation, readable",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (original) => {
      const strings = Buffer.concat([
        words(256),
        Buffer.from("https://docs.example.com/errors\0"),
        words(256),
      ]);
      return world.sign(addSection(original, ".rdata2", FLAGS.readOnly, () => strings).image);
    }),
};
