/** Documents of a tar archive, out of gzip where it is in it. @module */

import { Readable } from "node:stream";
import { hasCode } from "@sallyport/core";
import { extract } from "tar-stream";
import { FeedError } from "../feed-error.ts";
import type { ReadContext, SourceFile } from "../source.ts";
import { contentOf, overLimit } from "./content.ts";
import type { DocumentLimits, FeedDocument } from "./documents.ts";

/** As {@link documentsOf} says. */
export async function* tarDocuments(
  file: SourceFile,
  context: ReadContext,
  { wants, maxBytes }: DocumentLimits,
): AsyncGenerator<FeedDocument> {
  const archive = extract();
  const content = Readable.from(contentOf(file, context));
  content.on("error", (error) => archive.destroy(error));
  content.pipe(archive);
  try {
    for await (const entry of archive) {
      context.budget.spendEntry();
      const { name, type, size = 0 } = entry.header;
      if (type !== "file" || !wants(name)) {
        entry.resume();
        continue;
      }
      const place = `${file.name}/${name}`;
      if (size > maxBytes) throw overLimit(place, maxBytes);
      const pieces: Uint8Array[] = [];
      for await (const piece of entry) pieces.push(piece as Uint8Array);
      yield { place, name, bytes: Buffer.concat(pieces) };
    }
  } catch (error) {
    throw tarError(error, file.name);
  } finally {
    content.destroy();
  }
}

function tarError(error: unknown, name: string): unknown {
  if (error instanceof FeedError || hasCode(error, "artifact.over-limit")) return error;
  const isCut = error instanceof Error && /unexpected end/i.test(error.message);
  return isCut
    ? FeedError.at(name, "the archive ends too early", "feed.truncated")
    : new FeedError("feed.malformed", `${name}: is no tar archive that can be read`, { cause: error });
}
