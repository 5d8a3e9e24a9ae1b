/** RAR archives of both kinds, opened by 7-Zip. Sources: RAR 5.0 archive format; technote.txt of RAR 4. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK = Buffer.from("Rar!\x1a\x07", "latin1");

export const rar: Format = {
  id: "rar",
  title: "RAR archive",
  document: "RARLAB, RAR 5.0 archive format; technote.txt of RAR 4",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  async *open(source, context) {
    const [generation] = await source.read(MARK.length, 1);
    yield* openBySevenZip(source, context, { type: generation === 0 ? "Rar" : "Rar5", holds: "archive" });
  },
};
