/** Signatures in clear-signed text: over the artifact itself, or over a list of digests that was brought along. @module */

import type { ByteSource } from "@sallyport/core";
import {
  type Certificate,
  type ClearSigned,
  readClearSigned,
  type Verdict,
  verifySignatures,
} from "@sallyport/openpgp";
import type { BroughtFile } from "../../brought.ts";
import { readWhole } from "../../formats/clear-signed/index.ts";
import type { VerifyContext } from "../scheme.ts";
import { findInSignedList } from "../signed-list.ts";
import type { Collection } from "./collection.ts";

export interface Asked {
  readonly certificates: readonly Certificate[];
  readonly context: VerifyContext;
  readonly collection: Collection;
}

/** The artifact is the text. What lies around it is for its format to tell. */
export async function verifyText(
  source: ByteSource,
  { certificates, context, collection }: Asked,
): Promise<void> {
  try {
    const signed = readClearSigned(await readWhole(source, context.maxHeldBytes));
    for (const verdict of await judge(signed, certificates, context.now))
      collection.add(verdict, { over: "clear-signed text" });
  } catch (error) {
    collection.addBroken(error, "the clear-signed text");
  }
}

/** The text is a list that has the artifact's digest, or it vouches for nothing. */
export async function verifyList(
  file: BroughtFile,
  source: ByteSource,
  { certificates, context, collection }: Asked,
): Promise<void> {
  try {
    const signed = readClearSigned(await readWhole(file.source, context.maxHeldBytes));
    const verdicts = await judge(signed, certificates, context.now);
    const { label } = context.brought;
    const list = await findInSignedList(signed.text.toString("utf8"), source, {
      label,
      budget: context.budget,
    });
    for (const { because, offsetBytes } of signed.lies)
      collection.fail(`${file.name} ${because}`, { file: file.name, offsetBytes });
    for (const verdict of verdicts)
      if (list.isListed) collection.add(verdict, { file: file.name, listedAs: list.listedAs ?? "" });
      else collection.addUnconnected(verdict, list.because, { file: file.name });
  } catch (error) {
    collection.addBroken(error, file.name);
  }
}

function judge(
  { hashed, signatures }: ClearSigned,
  keys: readonly Certificate[],
  now: Date,
): Promise<Verdict[]> {
  const document = (async function* () {
    yield hashed;
  })();
  return verifySignatures(signatures, document, keys, { now });
}
