/** Reads whatever a vendor published hashes in. The form is told by the content, never by the name. @module */

import { ArtifactError } from "@sallyport/core";
import { readChecksumList } from "./checksum-list.ts";
import type { PublishedEntry } from "./entry.ts";
import { isJsonManifest, readJsonManifest } from "./json-manifest.ts";
import { isYamlManifest, readYamlManifest } from "./yaml-manifest.ts";

const MAX_TEXT_LENGTH = 8 * 1024 * 1024;

/**
 * @returns every hash found; none when it holds no hash in a form we know
 * @throws ArtifactError `artifact.malformed` for a manifest that is broken, `artifact.over-limit` for one too large
 */
export function readPublication(text: string): readonly PublishedEntry[] {
  if (text.length > MAX_TEXT_LENGTH)
    throw new ArtifactError("artifact.over-limit", `is larger than ${MAX_TEXT_LENGTH} characters`);
  const bare = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (isJsonManifest(bare)) return readJsonManifest(bare);
  if (isYamlManifest(bare)) return readYamlManifest(bare);
  return readChecksumList(bare);
}
