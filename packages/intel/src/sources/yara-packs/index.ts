/**
 * Packs of YARA rules: a file, a folder, an archive, a checkout. They are only kept here; whether they compile, and whether they
 * may be asked at all, the gate tries before it asks them. Source: YARA documentation, "Writing YARA rules".
 * @module
 */

import { hasCode } from "@sallyport/core";
import type { RuleFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { addressChoice } from "../../indicators/index.ts";
import { decodeText, documentsOf } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";

const MAX_PACK_BYTES = 256 * 1024 * 1024;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_NAME_CHARACTERS = 300;

export const yaraPacks: IntelSource = {
  id: "yara-packs",
  title: "Packs of YARA rules",
  answers: ["rule"],
  document: "YARA documentation, Writing YARA rules",
  licence: "as its publisher says",
  authority: "public",
  staleAfterDays: 180,
  onBadRow: "skip",
  choice: addressChoice("https://example.com/rules.tar.gz", MAX_PACK_BYTES),
  recognises(name, head) {
    if (isRuleFile(name)) return true;
    const text = Buffer.from(head).toString("latin1");
    const isArchive = text.startsWith("PK\x03\x04") || text.slice(257, 262) === "ustar";
    return isArchive && /[\w)]\.yara?(?![\w.])/i.test(text);
  },
  async *read(files, context) {
    for (const file of files) yield* readPack(file, context);
  },
};

const isRuleFile = (name: string): boolean => /\.yara?$/i.test(name);

async function* readPack(file: SourceFile, context: ReadContext): AsyncGenerator<RuleFact> {
  const limits = { wants: isRuleFile, maxBytes: MAX_FILE_BYTES };
  let count = 0;
  for await (const { name, place, bytes } of documentsOf(file, context, limits)) {
    count += 1;
    const fact = readRules(name, place, { bytes, context });
    if (fact !== undefined) yield fact;
  }
  if (count === 0) throw FeedError.at(file.name, "holds no .yar or .yara file");
}

function readRules(
  name: string,
  place: string,
  { bytes, context }: { readonly bytes: Uint8Array; readonly context: ReadContext },
): RuleFact | undefined {
  try {
    const text = decodeText(bytes, place);
    const shown = name.replaceAll(/[^\x20-\x7e]/g, "?").slice(-MAX_NAME_CHARACTERS);
    // What no compiler could read is told here, with the others of its pack; the rest is told when it is tried.
    if (text.includes("\0")) throw FeedError.at(place, "holds NUL characters");
    if (!/\brule\b/.test(text)) throw FeedError.at(place, "holds no rule");
    return { kind: "rule", name: shown, text };
  } catch (error) {
    if (!hasCode(error, "feed.malformed")) throw error;
    context.skip({ file: place, because: error.message });
    return undefined;
  }
}
