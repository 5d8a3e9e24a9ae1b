/** @module */

import type { ArtifactMember } from "../artifact.ts";

/**
 * Members with the same key are looked at once: the same bytes, taken for the same format, under the same name. The name
 * tells some traits what a file is for, so that bytes that are known as a script are looked at again as a font.
 * @returns SHA-256, lower-case hex, the format, and the last part of the path, with spaces between
 */
export const lookKey = ({
  sha256,
  format,
  path,
}: Pick<ArtifactMember, "sha256" | "format" | "path">): string =>
  `${sha256} ${format} ${path.slice(path.lastIndexOf("/") + 1)}`;
