/**
 * Files that a program keeps among its resources: installers carry what they install there, droppers what they drop.
 * Icons, texts and forms are resources as well, and no files: what becomes a member is decided by its content.
 * @module
 */

import { type ByteSource, hasCode, RangeSource } from "@sallyport/core";
import { takeGlimpse } from "../../descent/reading.ts";
import { findUnopened } from "../../descent/unopened-container.ts";
import type { Format, Member, OpenContext } from "../format.ts";
import type { PeHeaders } from "./headers.ts";
import { resourceTypeName } from "./resource-types.ts";
import { RESOURCE_TYPE, type Resource, walkResources } from "./resources.ts";

/** Less than any archive or program. */
const LEAST_BYTES = 24;

/**
 * What is believed only where programs keep data: marks of a few bytes, which pictures and dialogs have by chance, and
 * texts, which every program has.
 */
const ONLY_IN_DATA: ReadonlySet<string> = new Set([
  "lzma",
  "compress",
  "lzh",
  "mbr",
  "fat",
  "tar",
  "cpio",
  "script",
  "assembly-manifest",
]);
const DATA_TYPES: ReadonlySet<number | string> = new Set([RESOURCE_TYPE.data, 23]);

/** The resources that some format knows, or that are containers nobody here can open. */
export async function* resourceMembers(
  source: ByteSource,
  headers: PeHeaders,
  context: OpenContext,
): AsyncGenerator<Member> {
  // The registry names this format as well; it is there once a file is opened.
  const { formats } = await import("../registry.ts");
  const marked = formats.filter(({ id }) => !ONLY_IN_DATA.has(id));
  const seen = new Set<string>();
  try {
    for await (const resource of walkResources(source, headers)) {
      context.budget.checkTime();
      // Several names for the same bytes are one file.
      const place = `${resource.offsetBytes}+${resource.sizeBytes}`;
      if (seen.has(place)) continue;
      seen.add(place);
      if (resource.sizeBytes < LEAST_BYTES) continue;
      const range = new RangeSource(source, resource.offsetBytes, resource.sizeBytes);
      if (!(await isFile(range, isDataType(resource) ? formats : marked))) continue;
      yield {
        name: memberName(resource),
        claimedBytes: resource.sizeBytes,
        range: { source: range, offsetInParentBytes: resource.offsetBytes },
        content: () => range.stream(),
      };
    }
  } catch (error) {
    if (isOwnLimit(error)) return reportRest(context);
    // Windows finds nothing in a broken tree either. What was found before stands.
    if (!hasCode(error, "artifact.truncated", "artifact.malformed")) throw error;
  }
}

/** Types with a name of their own are made up by whoever keeps data in them. */
const isDataType = ({ type }: Resource): boolean =>
  typeof type === "string" || DATA_TYPES.has(type) || type > 24;

async function isFile(source: ByteSource, formats: Iterable<Format>): Promise<boolean> {
  const glimpse = await takeGlimpse(source);
  for (const format of formats) if (format.recognise(glimpse)) return true;
  return findUnopened(glimpse) !== undefined;
}

/** Nobody unpacks by these names: they only have to be told apart, and must not look like paths. */
function memberName({ type, name, language }: Resource): string {
  const shown = [resourceTypeName(type), name, language].map((part) =>
    String(part).replace(/[^\w$ -]/g, "_"),
  );
  return `resources/${shown.join("/")}`;
}

/** A limit of the whole descent has a name. */
const isOwnLimit = (error: unknown): boolean =>
  hasCode(error, "artifact.over-limit") && error.facts.limit === undefined;

function reportRest(context: OpenContext): void {
  context.report({
    check: "opened",
    outcome: "unknown",
    because: "has more resources than are looked at",
    facts: { code: "artifact.over-limit", limit: "resources" },
  });
}
