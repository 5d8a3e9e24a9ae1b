/**
 * Text with an OpenPGP signature around it: Debian's InRelease, .dsc, .changes and .buildinfo, lists of checksums,
 * security.txt. The member is what was signed, and nothing else. Source: RFC 9580 §7.
 * @module
 */

import { ArtifactError, type ByteSource, MAX_READ_BYTES, readExactly } from "@sallyport/core";
import { CLEAR_SIGNED_MARK, readClearSigned, SIGNATURE_END } from "@sallyport/openpgp";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";

export const clearSigned: Format = {
  id: "clear-signed",
  title: "Clear-signed text",
  document: "RFC 9580 §7",
  recognise,
  open: openClearSigned,
};

/**
 * Beginning with the mark; or ending as such a text ends and with the mark not far from the beginning: then somebody
 * put something in front of it. With paragraphs in front it is another text that quotes a signed one, as mails are.
 */
function recognise({ head, tail }: Glimpse): boolean {
  const at = head.indexOf(CLEAR_SIGNED_MARK);
  if (at < 0 || !isLineStart(head, at)) return false;
  const front = head.toString("latin1", 0, at).replace("\u00ef\u00bb\u00bf", "").trimStart();
  if (front === "") return true;
  if (/\n[ \t\r]*\n/.test(front)) return false;
  return tail.subarray(-256).toString("latin1").trimEnd().endsWith(SIGNATURE_END);
}

const isLineStart = (head: Buffer, at: number): boolean =>
  at === 0 || head[at - 1] === 0x0a || head.toString("latin1", 0, at).trim() === "\u00ef\u00bb\u00bf";

async function* openClearSigned(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const bytes = await readWhole(source, context.maxHeldBytes);
  const { text, lies } = readClearSigned(bytes);
  for (const { because, offsetBytes } of lies)
    context.report({ check: "structure", outcome: "fail", because, facts: { offsetBytes } });
  context.budget.spendBytes(text.length);
  yield {
    name: "signed-text",
    claimedBytes: text.length,
    async *content() {
      yield text;
    },
  };
}

/**
 * A clear-signed text in memory.
 * @throws {@link ArtifactError} `artifact.over-limit` when it is larger than may be held
 */
export async function readWhole(source: ByteSource, maxHeldBytes: number): Promise<Buffer> {
  // The text is held several times over: as bytes, as text, as it is signed.
  if (source.sizeBytes > Math.min(MAX_READ_BYTES, maxHeldBytes / 8))
    throw new ArtifactError("artifact.over-limit", "OpenPGP: the clear-signed text is too large to be held");
  return readExactly(source, 0, source.sizeBytes, "OpenPGP: the clear-signed text");
}
