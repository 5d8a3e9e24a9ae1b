import { addInitialiser, editSlices, signImage } from "../edit/mach-o.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const oneSliceInitialiser: Technique = {
  id: "one-slice-initialiser",
  title: "Initialiser in one slice of a universal library",
  shape: "libffmpeg.dylib of 3CX for macOS, 2023: only the x86_64 slice (Objective-See)",
  kind: "macos",
  least: "high",
  attack: ({ after }) =>
    editFile(after, mainFile(after, "mach-o"), (file) =>
      editSlices(file, (slice, processor) =>
        processor === "x86_64" ? signImage(addInitialiser(slice)) : slice,
      ),
    ),
  twinTitle: "both slices signed again",
  twin: ({ after }) =>
    editFile(after, mainFile(after, "mach-o"), (file) => editSlices(file, (slice) => signImage(slice))),
};
