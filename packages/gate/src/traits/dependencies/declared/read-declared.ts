/** Finds out which kind of description a text is, by what stands in it and never by its name. @module */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import {
  type Declared,
  type Dependency,
  type Found,
  MAX_NAME_CHARACTERS,
  MAX_RANGE_CHARACTERS,
} from "./declared.ts";
import { readJsonDescription } from "./json-descriptions.ts";
import {
  readCargoToml,
  readDebianControl,
  readGemSpecification,
  readPythonMetadata,
} from "./line-descriptions.ts";
import { readXmlDescription } from "./xml-descriptions.ts";

const MAX_DEPENDENCIES = 2000;

/** @returns undefined when the text describes no package */
export function readDeclared(text: string): Declared | undefined {
  const found = read(text);
  return found === undefined ? undefined : bounded(found);
}

function read(text: string): Found | undefined {
  const start = text.slice(0, 4096).trimStart();
  if (start.startsWith("{")) return readJsonDescription(text);
  if (start.startsWith("<")) return readDescriptionInXml(text);
  if (/^Metadata-Version:/m.test(start)) return readPythonMetadata(text);
  if (/^Package:/.test(start)) return readDebianControl(text);
  if (start.startsWith("--- !ruby/object:Gem::Specification")) return readGemSpecification(text);
  if (/^\[package\] *$/m.test(start)) return readCargoToml(text);
  return undefined;
}

function readDescriptionInXml(text: string): Found | undefined {
  if (!/<(?:package|project)[\s>]/.test(text.slice(0, 8192))) return undefined;
  try {
    return readXmlDescription(Buffer.from(text));
  } catch (error) {
    // What is no XML describes nothing; others say that it is damaged.
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

/** Sorted; of one that is there twice the first. What is too much is digested, so that a change there shows. */
function bounded({ ecosystem, product, dependencies }: Found): Declared {
  const byName = new Map<string, Dependency>();
  for (const { name, range, group } of dependencies) {
    const shown = name.slice(0, MAX_NAME_CHARACTERS);
    const known = byName.get(shown);
    if (known !== undefined && (known.group === "runtime" || group === "development")) continue;
    byName.set(shown, { name: shown, range: range.trim().slice(0, MAX_RANGE_CHARACTERS), group });
  }
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rest = sorted.slice(MAX_DEPENDENCIES);
  return {
    ecosystem,
    ...(product ? { product: product.slice(0, MAX_NAME_CHARACTERS) } : {}),
    dependencies: sorted.slice(0, MAX_DEPENDENCIES),
    ...(rest.length > 0 ? { rest: createHash("sha256").update(JSON.stringify(rest)).digest("hex") } : {}),
  };
}
