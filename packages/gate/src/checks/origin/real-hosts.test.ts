/** Where makers really publish, as their own download pages lead there: none of it may look suspicious. */

import { expect, it } from "vitest";
import { judgeOrigin } from "./judge.ts";

const MAKERS: readonly (readonly [name: string, domain: string, ...hosts: string[]])[] = [
  ["Igor Pavlov", "7-zip.org", "www.7-zip.org"],
  ["Mozilla Corporation", "mozilla.org", "download-installer.cdn.mozilla.net"],
  ["Google LLC", "google.com", "dl.google.com", "edgedl.me.gvt1.com"],
  ["VideoLAN", "videolan.org", "get.videolan.org", "mirror.init7.net"],
  ["Zoom Video Communications, Inc.", "zoom.us", "cdn.zoom.us"],
  ["TeamViewer Germany GmbH", "teamviewer.com", "dl.teamviewer.com"],
  ["Adobe Inc.", "adobe.com", "ardownload2.adobe.com"],
  ["Microsoft Corporation", "microsoft.com", "download.microsoft.com", "download.visualstudio.microsoft.com"],
  [
    "Microsoft Corporation",
    "microsoft.com",
    "msedge.sf.dl.delivery.mp.microsoft.com",
    "vscode.download.prss.microsoft.com",
  ],
  ["Python Software Foundation", "python.org", "www.python.org"],
  ["Oracle America, Inc.", "oracle.com", "download.oracle.com", "javadl.oracle.com"],
  ["JetBrains s.r.o.", "jetbrains.com", "download-cdn.jetbrains.com"],
  ["Valve Corp.", "steampowered.com", "cdn.akamai.steamstatic.com"],
  ["Dropbox, Inc", "dropbox.com", "edge.dropboxstatic.com"],
  ["win.rar GmbH", "win-rar.com", "www.win-rar.com", "www.rarlab.com"],
  ["Simon Tatham", "chiark.greenend.org.uk", "the.earth.li"],
  ["The Document Foundation", "documentfoundation.org", "download.documentfoundation.org"],
  ["Wireshark Foundation", "wireshark.org", "1.eu.dl.wireshark.org"],
  ["Docker Inc", "docker.com", "desktop.docker.com"],
  ["Slack Technologies, LLC", "slack.com", "downloads.slack-edge.com"],
  ["NVIDIA Corporation", "nvidia.com", "us.download.nvidia.com"],
  ["Intel Corporation", "intel.com", "downloadmirror.intel.com"],
  ["Discord Inc.", "discord.com", "dl.discordapp.net"],
  ["Spotify AB", "spotify.com", "download.scdn.co"],
  ["Apple Inc.", "apple.com", "updates.cdn-apple.com"],
  ["OpenJS Foundation", "nodejs.org", "nodejs.org"],
  ["Johannes Schindelin", "gitforwindows.org", "objects.githubusercontent.com"],
  ["Kovid Goyal", "calibre-ebook.com", "download.calibre-ebook.com"],
  ["Canonical Group Limited", "ubuntu.com", "releases.ubuntu.com"],
  ["Proton AG", "proton.me", "proton.me", "protonvpn.com"],
];

const supplierOf = (name: string, domain: string) => ({
  fact: { name, domains: [domain] },
  snapshot: "organisation@1",
  match: "certain" as const,
  because: "the name is the same",
});

it.each(MAKERS)("leaves %s alone, which publishes from below %s and elsewhere", (name, domain, ...hosts) => {
  for (const host of hosts) {
    const asked = (urls: readonly string[], toldBy: "download" | "mark-of-the-web") => ({
      urls,
      toldBy,
      names: [name],
    });
    const url = `https://${host}/setup.exe`;
    const page = `https://www.${domain}/download`;
    expect(judgeOrigin(asked([url], "download"), undefined, []), host).toHaveProperty("notChecked");
    expect(judgeOrigin(asked([page, url], "download"), supplierOf(name, domain), []), host).toMatchObject({
      outcome: "pass",
    });
    const marked = judgeOrigin(asked([url], "mark-of-the-web"), supplierOf(name, domain), []);
    expect(Array.isArray(marked), host).toBe(false);
  }
});
