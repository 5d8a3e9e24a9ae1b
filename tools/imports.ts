/** What a TypeScript file imports, read from its syntax tree. @module */

import { parseAst } from "rolldown/parseAst";

export interface ImportedModule {
  /** Undefined when an expression computes it. */
  readonly specifier: string | undefined;
  /** What a computed one begins with, when it is a template: `./` cannot leave the folder but by more of its text. */
  readonly beginning?: string;
  /** From 1. */
  readonly line: number;
}

const IMPORTING = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

/** Static, dynamic and type imports and re-exports, in the order in which they stand. */
export function importsOf(text: string): readonly ImportedModule[] {
  const found: ImportedModule[] = [];
  const pending: unknown[] = [parseAst(text, { lang: "ts" })];
  while (pending.length > 0) {
    const node = pending.pop();
    if (Array.isArray(node)) pending.push(...node.toReversed());
    else if (isRecord(node)) {
      const imported = importOf(node, text);
      if (imported !== undefined) found.push(imported);
      pending.push(...Object.values(node).toReversed());
    }
  }
  return found;
}

function importOf(node: Readonly<Record<string, unknown>>, text: string): ImportedModule | undefined {
  if (!IMPORTING.has(String(node.type)) || !isRecord(node.source)) return undefined;
  const { value } = node.source;
  const line = text.slice(0, Number(node.start)).split("\n").length;
  if (typeof value === "string") return { specifier: value, line };
  const { quasis } = node.source;
  const [first] = Array.isArray(quasis) ? quasis : [];
  const beginning = isRecord(first) && isRecord(first.value) ? String(first.value.cooked) : "";
  return { specifier: undefined, beginning, line };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
