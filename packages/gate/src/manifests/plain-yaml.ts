/**
 * As much YAML as RubyGems writes of what is needed here: names with text behind them, at the first level and the one
 * below, and lists of text. Anything else is passed over. Source: YAML 1.2.2 §7.3, §8.2; RubyGems, Gem::Specification.
 * @module
 */

export interface PlainYaml {
  /** `name` at the first level, `name/inner` below it. Of one that comes twice neither counts. */
  readonly texts: ReadonlyMap<string, string>;
  /** The first item of each list at the first level. */
  readonly firstItems: ReadonlyMap<string, string>;
}

const PAIR = /^( *)([A-Za-z0-9_.-]{1,200}): *(.*)$/;
const ITEM = /^ *- +(.*)$/;

export function readPlainYaml(text: string): PlainYaml {
  const texts = new Map<string, string>();
  const doubled = new Set<string>();
  const firstItems = new Map<string, string>();
  let top = "";
  let inner = 0;
  for (const line of text.split(/\r?\n/)) {
    const [, indent, name = "", rest = ""] = PAIR.exec(line) ?? [];
    const depth = indent?.length ?? 0;
    if (indent === undefined) {
      const item = readText(ITEM.exec(line)?.[1] ?? "");
      if (item !== undefined && top !== "" && !firstItems.has(top)) firstItems.set(top, item);
      continue;
    }
    if (depth === 0) {
      top = name;
      inner = 0;
    } else if (inner === 0) inner = depth;
    if (depth > 0 && depth !== inner) continue;
    const path = depth === 0 ? name : `${top}/${name}`;
    const value = readText(rest);
    if (value === undefined) continue;
    if (texts.has(path)) doubled.add(path);
    texts.set(path, value);
  }
  for (const path of doubled) texts.delete(path);
  return { texts, firstItems };
}

/** @returns undefined for what is no text on one line: tags, anchors, aliases, blocks, collections */
function readText(written: string): string | undefined {
  const trimmed = written.trim();
  if (trimmed === "" || /^[!&*|>[{%@`#]/.test(trimmed)) return undefined;
  if (trimmed.startsWith("'"))
    return /^'(?:[^']|'')*'$/.test(trimmed) ? trimmed.slice(1, -1).replaceAll("''", "'") : undefined;
  if (!trimmed.startsWith('"')) return trimmed.replace(/ +#.*$/, "");
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
