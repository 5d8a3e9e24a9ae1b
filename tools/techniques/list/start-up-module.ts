import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const FOLDER = "usr/lib/python3/dist-packages";

export const startUpModule: Technique = {
  id: "start-up-module",
  title: ".pth file that runs code whenever Python starts",
  shape: "litellm 1.82.8, 2026, litellm_init.pth (FutureSearch); ATT&CK T1546.018, Python Startup Hooks",
  kind: "python",
  least: "high",
  attack: ({ after }) =>
    withFile(
      after,
      `${FOLDER}/example_init.pth`,
      "import os, base64; exec(base64.b64decode('cHJpbnQoImhlbGxvIik='))\n",
    ),
  twinTitle: "a new module",
  twin: ({ after }) =>
    withFile(
      after,
      `${FOLDER}/example_extra.py`,
      'def join(rows):\n    """All in one line."""\n    return " ".join(rows)\n',
    ),
};
