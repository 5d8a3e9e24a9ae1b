import { editSlices, patchCode, signImage } from "../edit/mach-o.ts";
import { editFile, fileBytes, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const oneSlicePatched: Technique = {
  id: "one-slice-patched",
  title: "Code of one slice patched after it was linked",
  shape: "libffmpeg.dylib of 3CX for macOS, 2023, without the initialiser (Objective-See)",
  kind: "macos",
  least: "high",
  attack: ({ before, after }) => {
    const path = mainFile(before, "mach-o", after);
    return editFile(after, path, () =>
      editSlices(fileBytes(before, path), (slice, processor) =>
        processor === "x86_64" ? signImage(patchCode(slice)) : slice,
      ),
    );
  },
  twinTitle: "the library of the last release, both slices signed again",
  twin: ({ before, after }) => {
    const path = mainFile(before, "mach-o", after);
    return editFile(after, path, () => editSlices(fileBytes(before, path), (slice) => signImage(slice)));
  },
};
