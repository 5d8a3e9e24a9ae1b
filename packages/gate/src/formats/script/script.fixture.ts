/** Recognises texts, for the tests of scripts. @module */

import { recordingContext, sourceOf } from "@sallyport/testkit";
import { HEAD_BYTES, TAIL_BYTES } from "../format.ts";
import { script } from "./index.ts";

export const glimpseOf = (bytes: Buffer) => ({
  head: bytes.subarray(0, HEAD_BYTES),
  tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
  sizeBytes: bytes.length,
});

/** The name the format is refined to; `-` for no script. */
export async function languageOf(content: string | Buffer): Promise<string> {
  const bytes = Buffer.from(content);
  if (!script.recognise(glimpseOf(bytes))) return "-";
  const { context, findings, refinedTo } = recordingContext();
  for await (const member of script.open?.(sourceOf(bytes), context) ?? [])
    throw new Error(`a script holds nothing, but here is ${member.name}`);
  if (findings.length > 0) throw new Error(findings[0]?.because);
  return refinedTo() ?? "script";
}
