/**
 * What packages of Linux and of browsers ask for: interfaces of snaps, permissions of flatpaks, permissions of browser
 * extensions. Sources: Snapcraft, "Supported interfaces", "Snap confinement"; flatpak-metadata(5); Chrome for Developers and MDN,
 * "manifest.json/permissions".
 * @module
 */

import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { isObject } from "../../parser/value.ts";
import { parseAsNpm } from "../small-text.ts";
import { type Grants, makeGrants } from "./grants.ts";

const MAX_SNAP_CHARACTERS = 128 * 1024;
/** The library's own search for repeated keys is quadratic; the tools that install snaps refuse those. */
const YAML = { schema: "failsafe", uniqueKeys: false, logLevel: "silent", prettyErrors: false } as const;

/** @returns undefined for what describes no snap */
export function readSnapGrants(text: string): Grants | undefined {
  if (text.length > MAX_SNAP_CHARACTERS) return undefined;
  const document = parseDocument(text, YAML);
  const root = document.contents;
  if (document.errors.length > 0 || !isMap(root) || textAt(root.get("name", true)) === undefined)
    return undefined;
  const granted = [...plugsOf(root.get("plugs", true))];
  for (const group of ["apps", "hooks"]) {
    const programs = root.get(group, true);
    if (!isMap(programs)) continue;
    for (const { value } of programs.items) {
      if (!isMap(value)) continue;
      granted.push(...plugsOf(value.get("plugs", true)));
      const daemon = textAt(value.get("daemon", true));
      if (daemon !== undefined) granted.push("daemon");
    }
  }
  const confinement = textAt(root.get("confinement", true)) ?? "strict";
  return confinement === "strict"
    ? makeGrants("snap", granted, ["strict confinement"])
    : makeGrants("snap", [...granted, `confinement: ${confinement}`]);
}

/** A list of names, or names with settings, of which the interface is one. */
function plugsOf(node: unknown): string[] {
  if (isSeq(node)) return node.items.flatMap((item) => textAt(item) ?? []);
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const named = isMap(value) ? textAt(value.get("interface", true)) : textAt(value);
    return named ?? textAt(key) ?? [];
  });
}

const textAt = (node: unknown): string | undefined =>
  isScalar(node) && typeof node.value === "string" && node.value !== "" ? node.value : undefined;

const CONTEXT = new Set(["shared", "sockets", "devices", "filesystems", "features", "persistent"]);
const MAX_LINES = 10_000;

/** @returns undefined for what describes no flatpak */
export function readFlatpakGrants(text: string): Grants | undefined {
  if (!/^\[(?:Application|Runtime)\]/m.test(text)) return undefined;
  const granted: string[] = [];
  let section = "";
  for (const line of text.split("\n", MAX_LINES)) {
    const trimmed = line.trim();
    if (trimmed.startsWith("[")) section = trimmed.slice(1, -1);
    const mark = trimmed.indexOf("=");
    if (mark < 0 || trimmed.startsWith("#")) continue;
    const [key, value] = [trimmed.slice(0, mark).trim(), trimmed.slice(mark + 1).trim()];
    if (section === "Context" && CONTEXT.has(key))
      granted.push(
        ...value
          .split(";")
          .filter((item) => item !== "" && !item.startsWith("!"))
          .map((item) => `${key}: ${item}`),
      );
    if (section === "Session Bus Policy" || section === "System Bus Policy")
      granted.push(`${section === "System Bus Policy" ? "system bus" : "session bus"}: ${key} ${value}`);
  }
  return makeGrants("flatpak", granted);
}

/** @returns undefined for what describes no browser extension */
export function readExtensionGrants(text: string): Grants | undefined {
  const manifest: unknown = parseAsNpm(text);
  if (!isObject(manifest) || typeof manifest.manifest_version !== "number") return undefined;
  const granted = [
    "permissions",
    "host_permissions",
    "optional_permissions",
    "optional_host_permissions",
  ].flatMap((key) => {
    const isOptional = key.startsWith("optional");
    return textsOf(manifest[key]).map((name) => `${isOptional ? "optional: " : ""}${nameHosts(name)}`);
  });
  const scripts: readonly unknown[] = Array.isArray(manifest.content_scripts) ? manifest.content_scripts : [];
  for (const script of scripts)
    if (isObject(script))
      granted.push(...textsOf(script.matches).map((match) => `runs in pages of ${nameHosts(match)}`));
  if (typeof manifest.update_url === "string") granted.push(`updates from ${manifest.update_url}`);
  return makeGrants("browser-extension", granted);
}

const EVERYWHERE = /^(?:<all_urls>|(?:\*|https?|http\*):\/\/(?:\*|\*\.\*)\/.*)$/;

const nameHosts = (pattern: string): string => (EVERYWHERE.test(pattern) ? "every site" : pattern);

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
