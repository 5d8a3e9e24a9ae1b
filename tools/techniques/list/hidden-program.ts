import { fileBytes, mainFile, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const hiddenProgram: Technique = {
  id: "hidden-program",
  title: "Second program under a hidden name",
  shape: ".main_storage and UpdateAgent of 3CX for macOS, 2023 (Objective-See); ATT&CK T1564.001",
  kind: "linux",
  least: "high",
  attack: ({ after }) =>
    withFile(after, "lib/.cache", fileBytes(after, mainFile(after, "elf")).subarray(0, 60_000), 0o755),
  twinTitle: "a hidden file of settings",
  twin: ({ after }) => withFile(after, "lib/.editorconfig", "root = true\n[*]\nindent_style = space\n"),
};
