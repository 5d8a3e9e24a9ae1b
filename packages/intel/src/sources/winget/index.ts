/** winget's community repository: which installers its validation downloaded, and which bytes they were. @module */

import { FeedError } from "../../feed-error.ts";
import { documentsOf, rowOrSkip } from "../../reading/index.ts";
import type { IntelSource } from "../../source.ts";
import { archiveDate, entriesInHead } from "../../witnesses/archive-head.ts";
import { readManifest } from "./manifest.ts";
import { Packages } from "./packages.ts";

const MAX_MANIFEST_BYTES = 1024 * 1024;

export const winget: IntelSource = {
  id: "winget",
  title: "winget community repository",
  answers: ["witness"],
  document: "microsoft/winget-cli, schemas/JSON/manifests v1.x",
  licence: "MIT",
  authority: "public",
  staleAfterDays: 30,
  onBadRow: "skip",
  recognises: (name, head) =>
    /winget-pkgs|\.installer\.ya?ml$/i.test(name) ||
    entriesInHead(head).some((entry) => isManifest(entry.name) || /(^|\/)winget-pkgs/i.test(entry.name)) ||
    /^ManifestType: *(installer|singleton|merged)/im.test(Buffer.from(head).toString("latin1")),
  async *read(files, context) {
    const packages = new Packages();
    for (const file of files) {
      let read = 0;
      const limits = { wants: isManifest, maxBytes: MAX_MANIFEST_BYTES };
      for await (const { place, bytes } of documentsOf(file, context, limits)) {
        const manifest = rowOrSkip({ file: place }, context, () => ({ read: readManifest(bytes, place) }));
        if (manifest === undefined) continue;
        read += 1;
        if (manifest.read !== undefined) yield* packages.add(manifest.read);
      }
      if (read === 0) throw FeedError.at(file.name, "holds no manifest that can be read");
    }
    yield* packages.rest();
  },
  async asOf(files) {
    const dates = await Promise.all(files.map(archiveDate));
    return dates.filter((date) => date !== undefined).sort()[0];
  },
};

/** `manifests/p/Publisher/Package/1.0/Publisher.Package.installer.yaml`; fonts and settings lie elsewhere. */
const isManifest = (name: string): boolean => /(^|[/\\])manifests[/\\].*\.ya?ml$/i.test(name);
