import { words } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const installerCustomAction: Technique = {
  id: "installer-custom-action",
  title: "Custom action that starts a shell while the MSI installs",
  shape: "ATT&CK T1218.007, Msiexec; trojanised MSIs of JAVS and of messengers (Rapid7, ESET)",
  kind: "installer",
  least: "high",
  attack: ({ after }) => ({
    ...after,
    installer: {
      customActions: [
        {
          action: "Prepare",
          type: 3106,
          source: "INSTALLFOLDER",
          target: "powershell.exe -nop -w hidden -enc VwByAGkAdABlAC0ASABvAHMAdAAgAGgAZQBsAGwAbwA=",
        },
      ],
    },
  }),
  twinTitle: "a new file that is installed",
  twin: ({ after }) => withFile(after, "words.txt", words(2000)),
};
