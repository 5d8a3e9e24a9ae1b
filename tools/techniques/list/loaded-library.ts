import { addLibrary, editSlices, relinked, signImage } from "../edit/mach-o.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const loadedLibrary: Technique = {
  id: "loaded-library",
  title: "Load command for a library from a hidden folder",
  shape:
    "trojanised iTerm2, Navicat and SecureCRT, 2021: libcrypto.2.dylib (Objective-See, OSX.ZuRu); ATT&CK T1546.006",
  kind: "macos",
  least: "high",
  attack: ({ after }) =>
    editFile(after, mainFile(after, "mach-o"), (file) =>
      editSlices(file, (slice) => signImage(addLibrary(relinked(slice), "@loader_path/.c/l.dylib"))),
    ),
  twinTitle: "load command for a library of the system",
  twin: ({ after }) =>
    editFile(after, mainFile(after, "mach-o"), (file) =>
      editSlices(file, (slice) => signImage(addLibrary(relinked(slice), "/usr/lib/libz.1.dylib"))),
    ),
};
