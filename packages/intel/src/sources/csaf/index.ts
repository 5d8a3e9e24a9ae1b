/**
 * What makers and coordinators say of their products: security advisories and VEX documents of a CSAF provider.
 * Sources: OASIS CSAF 2.0, §3 (documents), §7 (distribution); CSAF 2.1 where it says the same.
 * @module
 */

import { type Json, UsageError } from "@sallyport/core";
import type { Fact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import {
  documentsOf,
  instantOf,
  isJsonObject,
  member,
  memberAt,
  parseJson,
  rowOrSkip,
  rowOrThrow,
} from "../../reading/index.ts";
import type { Download, IntelSource, ReadContext, SourceFile } from "../../source.ts";
import type { Tell } from "../../vex/statement.ts";
import { readAdvisory } from "./advisory.ts";
import { Proofs } from "./proof.ts";
import { isProofFile } from "./proof-files.ts";
import { MAX_FEED_BYTES, nextDownloads } from "./provider.ts";
import { providerName } from "./publisher.ts";

export const csaf: IntelSource = {
  id: "csaf",
  title: "CSAF advisories",
  answers: ["vulnerability"],
  document: "OASIS CSAF 2.0",
  licence: "as each provider says",
  authority: "supplier",
  staleAfterDays: 30,
  onBadRow: "skip",
  choice: {
    title: "a provider",
    example: "https://software.example/.well-known/csaf/provider-metadata.json",
    downloads: (chosen) => [providerOf(chosen)],
  },
  follow: (files, context) => nextDownloads(files, context),
  recognises(name, head) {
    const text = Buffer.from(head).toString("latin1");
    return /\.json$/i.test(name) && (text.includes('"csaf_version"') || text.includes('"metadata_version"'));
  },
  async *read(files, context) {
    let documentCount = 0;
    const proofs = await Proofs.among(files, context);
    const provider = await providerName(files, context);
    for (const file of files) {
      if (!isDocumentFile(file.name)) continue;
      for await (const facts of readFile(file, context, { provider, proofs })) {
        documentCount += 1;
        yield* facts;
      }
    }
    if (documentCount === 0)
      throw new FeedError("feed.malformed", "csaf: no advisory that counts is among the files");
    for (const sentence of proofs.summary()) context.tell?.(sentence);
  },
  async asOf(files, context) {
    const dates: string[] = [];
    const quiet: ReadContext = { ...context, skip: () => undefined };
    const proofs = await Proofs.among(files, quiet);
    for (const file of files) {
      if (!isDocumentFile(file.name)) continue;
      for await (const { place, bytes } of documentsOf(file, context, LIMITS)) {
        // One that cannot be read is told of when it is read.
        const document = rowOrSkip({ file: place }, quiet, () => parseJson(bytes, place));
        const date = document === undefined ? undefined : dateOf(document);
        if (document === undefined || date === undefined) continue;
        // One forged document of a day to come must not speak for all of them.
        const isToCome = !isGuide(document) && Date.parse(date) > context.now.getTime();
        if (!isToCome || (await proofs.against(place, bytes)) === undefined) dates.push(date);
      }
    }
    return dates.sort().at(-1);
  },
};

const LIMITS = { wants: (name: string) => name.endsWith(".json"), maxBytes: MAX_FEED_BYTES };

/** Lists of addresses are no documents: CSAF 2.0 §7.1.11, §7.1.12. */
const isDocumentFile = (name: string): boolean => !/\.(csv|txt)$/i.test(name) && !isProofFile(name);

/** What is known of all of them. */
interface Around {
  /** As its metadata names it. */
  readonly provider: string | undefined;
  readonly proofs: Proofs;
}

/** A domain stands for its well-known address: CSAF 2.0 §7.1.9. */
function providerOf(chosen: string): Download {
  const address = /^[a-z0-9.-]+\.[a-z]{2,}$/i.test(chosen)
    ? `https://${chosen}/.well-known/csaf/provider-metadata.json`
    : chosen;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" || !url.pathname.endsWith("/provider-metadata.json"))
    throw new UsageError(
      "usage.value",
      "a CSAF provider is named by its domain, or by the https address of its provider-metadata.json",
    );
  return { name: `${url.host}${url.pathname}`, url: url.href, maxBytes: MAX_FEED_BYTES };
}

/** @returns the facts of each document; of what only leads to documents, nothing */
async function* readFile(
  file: SourceFile,
  context: ReadContext,
  { provider, proofs }: Around,
): AsyncGenerator<readonly Fact[]> {
  for await (const { place, bytes } of documentsOf(file, context, LIMITS)) {
    const tell: Tell = (row, readRow) => rowOrSkip({ file: place, row }, context, readRow);
    // A single document that was brought counts or does not; of a provider's many the others do.
    const isAlone = place === file.name && !file.name.includes("/");
    const guarded = <Read>(read: () => Read): Read | undefined =>
      isAlone ? rowOrThrow({ file: place }, read) : rowOrSkip({ file: place }, context, read);
    const document = guarded(() => parseJson(bytes, place));
    if (document === undefined || isGuide(document)) continue;
    const because = await proofs.against(place, bytes);
    const facts = because === undefined ? guarded(() => readAdvisory(document, tell, provider)) : undefined;
    if (because !== undefined) context.skip({ file: place, because });
    if (facts !== undefined) yield facts;
  }
}

/** A provider's metadata, a ROLIE feed, service or category document. */
const isGuide = (document: Json): boolean =>
  isJsonObject(document) &&
  ["metadata_version", "feed", "service", "categories"].some((name) => name in document);

function dateOf(document: Json): string | undefined {
  const written =
    memberAt(document, "document", "tracking", "current_release_date") ??
    member(document, "last_updated") ??
    memberAt(document, "feed", "updated");
  return typeof written === "string" ? instantOf(written) : undefined;
}
