/**
 * AppImages: the one desktop entry at the root of their image.
 * Sources: AppImage, specification, "AppDir"; freedesktop.org, Desktop Entry Specification.
 * @module
 */

import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";

const ENTRY = /^[^/]+\.desktop$/;

export const appImage: Manifest = {
  id: "app-image",
  title: "AppImage",
  document: "AppImage, specification",
  containers: ["squashfs"],
  wants: (name) => (ENTRY.test(name) ? { heldBytes: 256 * 1024 } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const found = [...members].filter(([name]) => ENTRY.test(name));
  const [[, { bytes }] = ["", { bytes: undefined }]] = found;
  if (bytes === undefined || found.length !== 1) return undefined;
  const entry = readMainGroup(bytes.toString("utf8"));
  const product = entry.get("Name");
  const version = entry.get("X-AppImage-Version");
  return product === undefined
    ? undefined
    : { identity: { product, ...(version === undefined ? {} : { version }) } };
}

/** The group that comes first; the others are about actions. */
function readMainGroup(text: string): ReadonlyMap<string, string> {
  const entry = new Map<string, string>();
  let isMain = false;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("[")) isMain = line.trim() === "[Desktop Entry]";
    const at = line.indexOf("=");
    if (isMain && at > 0 && !line.startsWith("#"))
      entry.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return entry;
}
