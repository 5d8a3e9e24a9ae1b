import { words } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const installerService: Technique = {
  id: "installer-service",
  title: "Service under LocalSystem that the MSI did not install before",
  shape: "ATT&CK T1543.003, Windows Service; an honest release gains services just so",
  kind: "installer",
  least: "medium",
  attack: ({ after }) => ({
    ...after,
    installer: { services: [{ name: "examplehelper", displayName: "Example Helper" }] },
  }),
  twinTitle: "a new file that is installed",
  twin: ({ after }) => withFile(after, "words.txt", words(2000)),
};
