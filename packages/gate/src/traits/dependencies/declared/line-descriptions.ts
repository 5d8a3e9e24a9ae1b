/**
 * Descriptions made of lines. Sources: PyPA, core metadata ("Requires-Dist"), dependency specifiers; Debian Policy §7.2;
 * The Cargo Book, "Specifying Dependencies"; RubyGems, Gem::Specification as YAML.
 * @module
 */

import type { Dependency, Found } from "./declared.ts";

/** PyPA, "Dependency specifiers": what is only asked for by an extra stands behind such a marker. */
const isExtra = (rest: string): boolean =>
  rest.includes(";") && /\bextra\b/.test(rest.slice(rest.indexOf(";")));

/** `METADATA` of a wheel, `PKG-INFO` of a source distribution. */
export function readPythonMetadata(text: string): Found {
  const dependencies: Dependency[] = [];
  let product: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line === "") break;
    const [, field = "", value = ""] = /^([A-Za-z-]+): *(.*)$/.exec(line) ?? [];
    if (field === "Name") product ??= value.trim();
    if (field !== "Requires-Dist") continue;
    const [, name, rest = ""] = /^([A-Za-z0-9._-]+) *(.*)$/.exec(value) ?? [];
    if (name === undefined) continue;
    const group = isExtra(rest) ? "development" : "runtime";
    dependencies.push({
      name: name.toLowerCase().replace(/[-_.]+/g, "-"),
      range: rest.split(";", 1)[0] ?? "",
      group,
    });
  }
  return { ecosystem: "python", product, dependencies };
}

const RELATIONS: ReadonlySet<string> = new Set(["depends", "pre-depends", "recommends"]);

/** `control` of a Debian binary package; a line that begins with a blank goes on with the one before. */
export function readDebianControl(text: string): Found {
  const fields = new Map<string, string>();
  let field = "";
  for (const line of text.split(/\r?\n/)) {
    if (line === "") break;
    if (/^[ \t]/.test(line)) fields.set(field, `${fields.get(field) ?? ""} ${line.trim()}`);
    else {
      field = (line.split(":", 1)[0] ?? "").toLowerCase();
      fields.set(field, line.slice(field.length + 1).trim());
    }
  }
  const dependencies = [...fields]
    .filter(([name]) => RELATIONS.has(name))
    .flatMap(([, value]) => value.split(","))
    .flatMap((relation): Dependency[] => {
      const [, name, range = ""] = /^ *([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)? *(.*)$/.exec(relation) ?? [];
      return name === undefined ? [] : [{ name, range, group: "runtime" }];
    });
  return { ecosystem: "debian", product: fields.get("package"), dependencies };
}

const TABLE = /^ *\[([^[\]]+)\]/;
const DEPENDENCY_TABLE =
  /^(?:target\..+\.)?(dependencies|build-dependencies|dev-dependencies)(?:\.["']?([A-Za-z0-9_-]+)["']?)?$/;
const ENTRY = /^ *["']?([A-Za-z0-9_-]+)["']? *= *(.*)$/;

/** `Cargo.toml`: tables of dependencies, or one table for each. */
export function readCargoToml(text: string): Found {
  const found = new Map<string, Dependency>();
  let product: string | undefined;
  let table = "";
  for (const line of text.split(/\r?\n/)) {
    const header = TABLE.exec(line)?.[1];
    if (header !== undefined) table = header.trim();
    const [, kind, own] = DEPENDENCY_TABLE.exec(table) ?? [];
    const group = kind === "dev-dependencies" ? "development" : "runtime";
    const [, key, value = ""] = header === undefined ? (ENTRY.exec(line) ?? []) : [];
    if (table === "package" && key === "name") product ??= value.replaceAll('"', "").trim();
    if (kind === undefined || (own === undefined && key === undefined)) continue;
    const name = own ?? key ?? "";
    const before = own === undefined ? undefined : found.get(name);
    const range = key === undefined ? "" : own === undefined ? value : `${key} = ${value}`;
    const joined = [before?.range, range].filter((part) => part).join(", ");
    found.set(name, { name, range: joined.slice(0, 1000), group: before?.group ?? group });
  }
  return { ecosystem: "cargo", product, dependencies: [...found.values()] };
}

/** The specification inside a gem: items of the list `dependencies`, each with a name, a requirement and a type. */
export function readGemSpecification(text: string): Found {
  const dependencies: Dependency[] = [];
  let product: string | undefined;
  let isInList = false;
  for (const line of text.split(/\r?\n/)) {
    const top = /^([a-z_]+): *(.*)$/.exec(line);
    if (top !== null) {
      isInList = top[1] === "dependencies";
      if (top[1] === "name") product ??= top[2];
    } else if (isInList) addToGem(dependencies, line);
  }
  return { ecosystem: "gem", product, dependencies };
}

function addToGem(dependencies: Dependency[], line: string): void {
  const [, key = "", value = ""] = /^ +(name|type|version): *:?["']?([^"']*)["']?$/.exec(line) ?? [];
  const last = dependencies.at(-1);
  if (key === "name") dependencies.push({ name: value, range: "", group: "runtime" });
  else if (last !== undefined && key === "type" && value === "development")
    dependencies[dependencies.length - 1] = { ...last, group: "development" };
  else if (last !== undefined && key === "version" && last.range === "")
    dependencies[dependencies.length - 1] = { ...last, range: value };
}
