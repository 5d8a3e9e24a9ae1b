/** Which operating system an image holds. Source: freedesktop.org, os-release(5). @module */

import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { cpeOf } from "../platform-name.ts";
import { readMemberText } from "../read-member.ts";
import { dictionaryName } from "./dictionary.ts";

const NAME = /(?:^|\/)(?:etc|usr\/lib)\/os-release$/;
const MAX_BYTES = 64 * 1024;

export const osRelease: ComponentFinder = {
  id: "os-release",
  question: "Which operating system does it hold?",
  document: "freedesktop.org, os-release(5)",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && NAME.test(path),
  async find(source) {
    const fields = readAssignments(await readMemberText(source, "os-release"));
    const name = fields.get("ID");
    if (!name) return undefined;
    const version = fields.get("VERSION_ID");
    const own = fields.get("CPE_NAME");
    const [vendor, product] = dictionaryName(name, fields.get("NAME")) ?? [];
    return {
      components: [
        declare({
          foundBy: "os-release",
          product: fields.get("NAME") ?? name,
          version,
          type: "operating-system",
          identifiers: [
            purlOf({ type: "generic", name, ...(version !== undefined && { version }) }),
            ...(own?.startsWith("cpe:2.3:") ? [{ kind: "cpe" as const, value: own }] : []),
            ...(vendor === undefined || product === undefined || version === undefined
              ? []
              : [cpeOf({ part: "o", vendor, product, version })]),
          ],
        }),
      ],
    };
  },
};

/** `NAME=value` as a shell reads it, quotes taken off. */
export function readAssignments(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, raw = ""] = /^([A-Z][A-Z0-9_]{0,60})=(.{0,1000})$/.exec(line.trim()) ?? [];
    const quote = raw[0] === '"' || raw[0] === "'" ? raw[0] : "";
    const value = quote !== "" && raw.endsWith(quote) && raw.length > 1 ? raw.slice(1, -1) : raw;
    return name === undefined || value === "" ? [] : [[name, value.replaceAll(/\\(.)/g, "$1")]];
  });
  return new Map(pairs);
}
