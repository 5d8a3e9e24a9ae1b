/**
 * OpenPGP: signatures in clear-signed text, and detached ones that a person brings along. Nobody vouches for a key but
 * the person who brings it. Source: RFC 9580; RFC 4880 for older signatures.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import { readSignatures, type Signature, verifySignatures } from "@sallyport/openpgp";
import type { Brought, BroughtFile } from "../../brought.ts";
import { findBroughtLists, findInBroughtList, unsignedList } from "../brought-list.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { findKeyFiles, findListFiles, findSignatureFiles, readBrought } from "./brought-files.ts";
import { Collection } from "./collection.ts";
import { readKeys } from "./keys.ts";
import { type Asked, verifyList, verifyText } from "./signed-text.ts";

export { readKeys };

export const openpgp: SignatureScheme = {
  id: "openpgp",
  question: "Who signed these bytes with OpenPGP, and was the key allowed to when it did?",
  document: "RFC 9580, RFC 4880",
  formats: ["clear-signed"],
  claims,
  verify,
};

/** A plain `Release` is what `Release.gpg` is about; then the signatures are apt's. */
async function claims({ signatures, keys, release }: Brought): Promise<readonly BroughtFile[]> {
  const isForRelease = release !== undefined && (await findListFiles([release])).length === 0;
  const detached = isForRelease ? [] : await findSignatureFiles(signatures);
  return [
    ...detached,
    ...(detached.length === 0 ? [] : await findBroughtLists(signatures)),
    ...(await findListFiles(signatures)),
    ...(await findKeyFiles(keys)),
  ];
}

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const { signatures, keys } = context.brought;
  const isText = context.format === "clear-signed";
  const [files, lists] = [await findSignatureFiles(signatures), await findListFiles(signatures)];
  const collection = new Collection();
  if (!isText && files.length + lists.length === 0) return collection;
  const asked: Asked = { certificates: await readKeys(keys, collection), context, collection };
  if (isText) await verifyText(source, asked);
  for (const list of lists) await verifyList(list, source, asked);
  await verifyDetached(files, source, asked);
  return collection;
}

/** Over a list that was brought along with them, or over the artifact; all of those in one reading. */
async function verifyDetached(
  files: readonly BroughtFile[],
  source: ByteSource,
  { certificates, context, collection }: Asked,
): Promise<void> {
  let left: Detached[] = [];
  for (const file of files)
    try {
      for (const signature of readSignatures(await readBrought(file))) left.push({ signature, file });
    } catch (error) {
      collection.addBroken(error, file.name);
    }
  const verifyAll = (document: ByteSource) =>
    verifySignatures(
      left.map(({ signature }) => signature),
      document.stream(),
      certificates,
      { now: context.now, onPiece: () => context.budget.checkTime() },
    );
  for (const list of await findBroughtLists(context.brought.signatures)) {
    const verdicts = await verifyAll(list.source);
    const made = verdicts.map(({ outcome }) => outcome === "valid" || outcome === "not-allowed");
    if (!made.includes(true)) {
      collection.findings.push(unsignedList(list));
      continue;
    }
    const answer = await findInBroughtList(list, source, context);
    for (const [index, { file }] of left.entries()) {
      const [verdict, facts] = [verdicts[index], { file: file.name, over: list.name }];
      if (verdict === undefined || made[index] !== true) continue;
      if (answer.isListed) collection.add(verdict, { ...facts, listedAs: answer.listedAs ?? "" });
      else collection.addUnconnected(verdict, answer.because, facts);
    }
    left = left.filter((_, index) => made[index] !== true);
  }
  for (const [index, verdict] of (await verifyAll(source)).entries())
    collection.add(verdict, { file: left[index]?.file.name ?? "" });
}

interface Detached {
  readonly signature: Signature;
  readonly file: BroughtFile;
}
