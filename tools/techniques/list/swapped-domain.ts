import { editFile, mainFile, type Release, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const line = (host: string, path: string): string => `\n;var updateFeed = "https://${host}${path}";\n`;

const withLine = (release: Release, text: string): Release => {
  const path = mainFile(release, "script");
  const marked = release.files.get("lib/update-feed.js");
  return marked === undefined
    ? editFile(release, path, (bytes) => Buffer.concat([bytes, Buffer.from(text)]))
    : withFile(release, "lib/update-feed.js", text);
};

export const swappedDomain: Technique = {
  id: "swapped-domain",
  title: "Update address that leads to another domain",
  shape: "Polyfill.io, 2024 (Sansec); Notepad++'s update traffic, 2025; ATT&CK T1584.001",
  kind: "electron",
  least: "high",
  prepare: (release) =>
    withFile(release, "lib/update-feed.js", line("updates.example-tool.invalid", "/feed/stable.json")),
  attack: ({ after }) => withLine(after, line("downloads.example-mirror.invalid", "/feed/stable.json")),
  twinTitle: "another path at the same domain",
  twin: ({ after }) => withLine(after, line("updates.example-tool.invalid", "/feed/v2/stable.json")),
};
