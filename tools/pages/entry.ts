/** What the documentation says of every entry of a seam: its descriptor and its folder. @module */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Check } from "../../packages/gate/src/checks/check.ts";
import { checks } from "../../packages/gate/src/checks/registry.ts";
import { finders } from "../../packages/gate/src/components/registry.ts";
import { formats } from "../../packages/gate/src/formats/registry.ts";
import { behaviours } from "../../packages/gate/src/rules/behaviours/registry.ts";
import { signatureSchemes } from "../../packages/gate/src/signatures/registry.ts";
import { traits } from "../../packages/gate/src/traits/registry.ts";
import type { IntelSource } from "../../packages/intel/src/source.ts";
import { sources } from "../../packages/intel/src/sources/registry.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
const SOURCES = "packages/gate/src";

export const SEAMS = [
  "formats",
  "signatures",
  "checks",
  "traits",
  "behaviours",
  "components",
  "sources",
] as const;

export type Seam = (typeof SEAMS)[number];

export interface Entry {
  readonly seam: Seam;
  readonly id: string;
  readonly title: string;
  readonly document: string;
  /** Rows of the page's table beside id and document. */
  readonly rows: readonly (readonly [string, string])[];
  /** Below the repository's root. */
  readonly folder: string;
}

export const SECTIONS = ["What it decides", "How", "What it cannot see", "Example"] as const;

/** Kinds of file, where their name alone would say little. */
const NAMES: Readonly<Record<string, string>> = { data: "file of another kind" };

export const entries: readonly Entry[] = [
  ...formats.map(({ id, title, document }) => ({
    ...placed("formats", id),
    title,
    document,
    rows: [["Signatures read", codes(schemesOf(id))]] as const,
  })),
  ...signatureSchemes.map(({ id, question, document, formats: carriers }) => ({
    ...placed("signatures", id),
    title: question,
    document,
    rows: [["Carried by", codes(carriers)]] as const,
  })),
  ...checks.map(({ id, question, document, kind, policyFacts }) => ({
    ...placed("checks", id),
    title: question,
    document,
    rows: [
      ["Depends on", kind === "content" ? "the bytes alone" : "the time and what is known"],
      ["Facts for policies", factsOf(policyFacts) || "none"],
    ] as const,
  })),
  ...traits.map(({ id, title, question, document, formats: kinds, rules = {} }) => ({
    ...placed("traits", id),
    title,
    document,
    rows: [
      ["Asks", question],
      ["Looks at", kinds === undefined ? "every file" : codes(kinds)],
      ...Object.entries(rules).map(([rule, says]) => [`Rule \`${rule}\``, says] as const),
    ] as const,
  })),
  ...behaviours.map(({ id, does, attack, gained }) => ({
    ...placed("behaviours", id),
    folder: `${SOURCES}/rules/behaviours/${id}`,
    title: `${does.charAt(0).toUpperCase()}${does.slice(1)}`,
    document: "MITRE ATT&CK, Enterprise techniques",
    rows: [
      ["Techniques", codes(attack)],
      ...Object.entries(gained).map(([kind, risk]) => [`Gained by a ${NAMES[kind] ?? kind}`, risk] as const),
    ] as const,
  })),
  ...finders.map(({ id, question, document }) => ({
    ...placed("components", id),
    title: question,
    document,
    rows: [],
  })),
  ...sources.map(({ id, title, document, licence, authority, ...source }) => ({
    ...placed("sources", id),
    folder: `packages/intel/src/sources/${id}`,
    title,
    document,
    rows: [
      ["Answers", source.answers.join(", ")],
      ["Whose word", authority],
      ["Licence", licence],
      ["Comes", comingOf(source)],
      ["Stale after", `${source.staleAfterDays} days`],
      [
        "A bad row",
        source.onBadRow === "reject" ? "nothing of its file counts" : "is told, and the others count",
      ],
    ] as const,
  })),
];

/** How what a source says gets here. */
export function comingOf({ shipped, downloads, choice }: Partial<IntelSource>): string {
  if (shipped !== undefined) return "with the program";
  if (choice !== undefined) return `by \`intel sync\`, where ${choice.title} is named, or \`intel import\``;
  return downloads === undefined ? "by `intel import`" : "by `intel sync` or `intel import`";
}

/** The schemes that read signatures in a format, or in one of the more exact names it gives. */
export function schemesOf(formatId: string): readonly string[] {
  const names = new Set([formatId, ...(formats.find(({ id }) => id === formatId)?.names ?? [])]);
  return signatureSchemes
    .filter((scheme) => scheme.formats.some((name) => names.has(name)))
    .map(({ id }) => id);
}

/** Facts grouped by their type, in the order of the descriptor: `` `rule`: String; `offsetBytes`, `lengthBytes`: Long ``. */
export function factsOf(facts: Check["policyFacts"] = {}): string {
  const byType = Map.groupBy(Object.entries(facts), ([, type]) => type);
  return [...byType].map(([type, named]) => `${codes(named.map(([name]) => name))}: ${type}`).join("; ");
}

/** Text of a file of the entry's folder; undefined when it is not there. */
export function fileOf({ folder }: Entry, name: string): string | undefined {
  const path = join(ROOT, folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function placed(seam: Seam, id: string): Pick<Entry, "seam" | "id" | "folder"> {
  return { seam, id, folder: `${SOURCES}/${seam}/${id}` };
}

function codes(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.map((word) => `\`${word}\``).join(", ");
}
