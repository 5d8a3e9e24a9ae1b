/**
 * 7z archives, opened by 7-Zip, alone or behind the settings of an installer that unpacks itself.
 * Sources: 7-Zip 24.09, `DOC/7zFormat.txt`, and `DOC/installer.txt` of its SDK.
 * @module
 */

import { type ByteSource, RangeSource } from "@sallyport/core";
import { openBySevenZip } from "../../long-tail/index.ts";
import { type Listing, numberOf } from "../../long-tail/listing.ts";
import { type Format, type Glimpse, HEAD_BYTES, type Member, type OpenContext } from "../format.ts";

/** §SignatureHeader. */
const MARK = Buffer.from("7z\xbc\xaf\x27\x1c", "latin1");
/** The program in front of them reads which of the files it shall run. */
const SETTINGS_START = Buffer.from(";!@Install@!UTF-8");
const SETTINGS_END = Buffer.from(";!@InstallEnd@!");

export const sevenZip: Format = {
  id: "7z",
  title: "7z archive",
  document: "7-Zip 24.09, DOC/7zFormat.txt",
  recognise: ({ head }: Glimpse) => archiveStart(head) !== undefined,
  open,
};

/** @returns where the archive begins; undefined when none does */
function archiveStart(head: Buffer): number | undefined {
  if (head.subarray(0, MARK.length).equals(MARK)) return 0;
  if (!head.subarray(0, SETTINGS_START.length).equals(SETTINGS_START)) return undefined;
  const end = head.indexOf(SETTINGS_END);
  const start = end < 0 ? -1 : head.indexOf(MARK, end);
  return start < 0 ? undefined : start;
}

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const head = Buffer.from(await source.read(0, HEAD_BYTES));
  const start = archiveStart(head) ?? 0;
  if (start > 0) {
    const range = new RangeSource(source, 0, start);
    yield {
      name: "installer settings",
      claimedBytes: start,
      range: { source: range, offsetInParentBytes: 0 },
      content: () => range.stream(),
    };
  }
  const archive = start === 0 ? source : new RangeSource(source, start, source.sizeBytes - start);
  yield* openBySevenZip(archive, context, { type: "7z", holds: "archive", judge: reportGaps });
}

/** Packed streams stand one behind the other between the two headers; what else stands there belongs to nothing. */
function reportGaps({ properties, entries }: Listing, context: OpenContext): void {
  const packedBytes = entries.reduce((sum, entry) => sum + numberOf(entry.properties.get("Packed Size")), 0);
  const lengthBytes =
    numberOf(properties.get("Physical Size")) - numberOf(properties.get("Headers Size")) - packedBytes;
  if (lengthBytes === 0) return;
  const because = lengthBytes > 0 ? "bytes between its files belong to nothing" : "files of it share bytes";
  context.report({
    check: "structure",
    outcome: "fail",
    because,
    facts: { lengthBytes: Math.abs(lengthBytes) },
  });
}
