/** What the scheme is asked in the tests of this folder. */

import { sourceOf, verifyContext } from "@sallyport/testkit";
import type { BroughtFile } from "../../brought.ts";
import { openpgp } from "./index.ts";

export const file = (name: string, bytes: Buffer | string): BroughtFile => ({
  name,
  source: sourceOf(Buffer.from(bytes)),
});

interface Asked {
  readonly format?: "clear-signed" | "data";
  readonly signatures?: readonly BroughtFile[];
  readonly keys?: readonly BroughtFile[];
  readonly now?: Date;
  readonly label?: string;
}

export const verifyBytes = (
  bytes: Buffer,
  { format = "data", signatures = [], keys = [], now, label = "" }: Asked = {},
) =>
  openpgp.verify(
    sourceOf(bytes),
    verifyContext(
      {
        format,
        trust: { anchors: [], revocationLists: [], hash: "" },
        ...(now === undefined ? {} : { now }),
      },
      { signatures, keys, label },
    ),
  );
