/**
 * Kinds of places that libraries and their search paths point at.
 * Sources: ld.so(8), "Rpath token expansion"; Apple, dyld(1); Filesystem Hierarchy Standard 3.0.
 * @module
 */

import { isHidden } from "../added-files/deceiving-names.ts";

/**
 * - `own`: beside the file itself; `system`: where only the system's administrator writes
 * - `open`: where every user or process may write, or wherever the program happens to be started
 * - `private`: some person's or build machine's folder
 */
export type Place = "own" | "system" | "open" | "private";

const OWN = /^(?:\$ORIGIN|\$\{ORIGIN\}|@(?:rpath|loader_path|executable_path))(?:\/|$)/;
const OPEN = /^(?:\/private)?(?:\/tmp|\/var\/tmp|\/dev\/shm|\/run\/user|\/Users\/Shared)(?:\/|$)/;
const PRIVATE = /^\/(?:home|root|Users|builds?|workspace|github|__w|mnt|media|Volumes|data|private)(?:\/|$)/;

/** @param path - a search path, or a library's name with a path in it */
export function placeOf(path: string): Place {
  if (OWN.test(path)) return "own";
  if (!path.startsWith("/")) return "open";
  if (OPEN.test(path)) return "open";
  return PRIVATE.test(path) ? "private" : "system";
}

/**
 * Nobody who lists the folder sees it. Folders that tools make are none, nor what was left of a build machine.
 * @param path - as of {@link placeOf}
 */
export const isHiddenPlace = (path: string): boolean => isHidden(path) && placeOf(path) !== "private";

/** Folders from which the systems' own loaders are started. */
const LOADERS =
  /^\/(?:lib\d*|libx32|usr\/lib\d*|usr\/libexec|libexec|system\/bin|apex|system\/lib\d*|nix\/store|gnu\/store)\//;

export const isSystemLoader = (path: string): boolean => LOADERS.test(path) && !path.includes("/../");
