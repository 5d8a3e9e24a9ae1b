/** Homebrew's casks: what macOS applications their maintainers downloaded, and which bytes it was. @module */

import { FeedError } from "../../feed-error.ts";
import { member, optionalList, readJsonFile, rowOrSkip } from "../../reading/index.ts";
import type { IntelSource } from "../../source.ts";
import { readCask } from "./cask.ts";

const MAX_BYTES = 128 * 1024 * 1024;

export const homebrewCask: IntelSource = {
  id: "homebrew-cask",
  title: "Homebrew casks",
  answers: ["witness"],
  document: "Homebrew, formulae.brew.sh JSON API, casks",
  licence: "BSD-2-Clause",
  authority: "public",
  staleAfterDays: 14,
  onBadRow: "skip",
  downloads: [{ name: "cask.json", url: "https://formulae.brew.sh/api/cask.json", maxBytes: MAX_BYTES }],
  recognises(name, head) {
    if (/(^|[/\\])cask\.json(\.gz)?$/i.test(name)) return true;
    const text = Buffer.from(head).toString("latin1");
    return text.includes('"full_token"') && text.includes('"tap"');
  },
  async *read(files, context) {
    for (const file of files) {
      const content = await readJsonFile(file, context, MAX_BYTES);
      const casks = Array.isArray(content) ? optionalList({ casks: content }, "casks") : [content];
      let read = 0;
      let unchecked = 0;
      for (const [index, cask] of casks.entries()) {
        const token = member(cask, "token");
        const row = typeof token === "string" ? token.slice(0, 200) : `[${index}]`;
        const reading = rowOrSkip({ file: file.name, row }, context, () => readCask(cask));
        if (reading === undefined) continue;
        read += 1;
        if (reading.isUnchecked) unchecked += 1;
        yield* reading.facts;
      }
      if (read === 0) throw FeedError.at(file.name, "holds no cask that can be read");
      if (unchecked > 0)
        context.skip({
          file: file.name,
          because: `${unchecked} casks, or variations of them, have no hash (no_check), and are no witness`,
        });
    }
  },
};
