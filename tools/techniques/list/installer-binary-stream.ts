import { program, words } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const installerBinaryStream: Technique = {
  id: "installer-binary-stream",
  title: "Program in a stream of the MSI that no table installs",
  shape: "custom action DLLs in the Binary table, ATT&CK T1218.007",
  kind: "installer",
  least: "high",
  attack: ({ after }) => ({
    ...after,
    installer: {
      streams: [{ name: "Binary.Helper", content: program() }],
      customActions: [{ action: "Helper", type: 1, source: "Binary.Helper", target: "Begin" }],
    },
  }),
  twinTitle: "a new file that is installed",
  twin: ({ after }) => withFile(after, "words.txt", words(2000)),
};
