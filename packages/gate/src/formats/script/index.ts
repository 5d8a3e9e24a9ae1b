/**
 * Scripts: programs that are text. They hold nothing that could be opened; what matters is the language, which says
 * who runs them, and the signature block that some of them end with.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { HEAD_BYTES, TAIL_BYTES } from "../format.ts";
import { recognise as carriesData } from "../self-extracting-script/index.ts";
import { LANGUAGES, type Language, recogniseLanguage } from "./language.ts";
import { readClaims } from "./manifest.ts";
import { languageOfBlock } from "./signed-language.ts";
import { charactersOf, isPlainText, readScriptText } from "./text.ts";

export const script: Format = {
  id: "script",
  title: "Script",
  document: "execve(2); Microsoft, PowerShell about_Signing, Windows Script Host",
  names: LANGUAGES,
  recognise: (glimpse) => recogniseScript(glimpse) !== undefined,
  open,
};

/** Bytes at either end that must be text. */
const LOOKED_AT_BYTES = 4096;

/** @returns undefined when it is no script, or no text at all: a program behind a script is another format's */
export function recogniseScript({ head, tail, sizeBytes }: Glimpse): Language | undefined {
  if (carriesData({ head, tail })) return undefined;
  const text = readScriptText(head.subarray(0, LOOKED_AT_BYTES));
  if (!isPlainText(text.characters)) return undefined;
  // UTF-16 is read by pairs that count from the start of the file.
  const isOdd = text.widthBytes === 2 && sizeBytes % 2 === 1;
  const end = charactersOf(
    tail.subarray(Math.max(0, tail.length - LOOKED_AT_BYTES - (isOdd ? 1 : 0))),
    text.encoding,
  );
  if (!isPlainText(end)) return undefined;
  return languageOfBlock(end) ?? recogniseLanguage(text.characters);
}

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  context.budget.checkTime();
  const { sizeBytes } = source;
  const headBytes = Math.min(sizeBytes, HEAD_BYTES);
  const tailBytes = Math.min(sizeBytes, TAIL_BYTES);
  const head = await readExactly(source, 0, headBytes, "script");
  const tail = await readExactly(source, sizeBytes - tailBytes, tailBytes, "script");
  const language = recogniseScript({ head, tail, sizeBytes });
  if (language !== undefined) context.refineFormat(language);
  const { characters, widthBytes } = readScriptText(head);
  if (language === "powershell") context.claimIdentity(readClaims(characters));
  const offsetBytes = widthBytes === 1 ? await findZero(source, context) : undefined;
  if (offsetBytes !== undefined)
    context.report({
      check: "opened",
      outcome: "unknown",
      because: "bytes stand in the script that are no text: what they hold is not known",
      facts: { offsetBytes },
    });
  yield* [];
}

/** No text holds a zero byte, and what is compressed or a program does before long. */
async function findZero(source: ByteSource, { budget }: OpenContext): Promise<number | undefined> {
  let offset = 0;
  for await (const chunk of source.stream()) {
    budget.checkTime();
    const found = chunk.indexOf(0);
    if (found >= 0) return offset + found;
    offset += chunk.length;
  }
  return undefined;
}
