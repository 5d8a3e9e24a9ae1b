/** 7z archives, opened by 7-Zip. Source: 7-Zip 24.09, `DOC/7zFormat.txt`. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { type Listing, numberOf } from "../../long-tail/listing.ts";
import type { Format, Glimpse, OpenContext } from "../format.ts";

/** §SignatureHeader. */
const MARK = Buffer.from("7z\xbc\xaf\x27\x1c", "latin1");

export const sevenZip: Format = {
  id: "7z",
  title: "7z archive",
  document: "7-Zip 24.09, DOC/7zFormat.txt",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  open: (source, context) =>
    openBySevenZip(source, context, { type: "7z", holds: "archive", judge: reportGaps }),
};

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
