/**
 * Patches and transforms: which products they are for, what they say they are, and whether all of them is here.
 * Source: Windows Installer SDK, "Patch Packages", "Summary Information Stream Property Set", "MsiPatchMetadata Table".
 * All of it is the file's own claim.
 * @module
 */

import type { JsonObject } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import type { Report } from "../../finding.ts";
import type { CompoundFile } from "./compound-file.ts";
import { openDatabase } from "./database.ts";
import type { OleNode } from "./directory.ts";
import { decodeStreamName } from "./stream-name.ts";
import { readSummary, SUMMARY, type Summary } from "./summary-information.ts";
import { describeChanges, readTransform } from "./transform.ts";

/** Shown in facts, and transforms that are looked into. */
const SHOWN = 50;

/** Reports what a patch is for, and transforms of it that are not there. @throws {@link ArtifactError} */
export async function describePatch(file: CompoundFile, report: Report): Promise<void> {
  const { root } = file.directory;
  const summary = await readSummary(file, root);
  const storages = new Map(
    root.children
      .filter(({ entry }) => entry.kind === "storage")
      .map((node) => [decodeStreamName(node.entry.name), node] as const),
  );
  const listed = listOf(summary, SUMMARY.lastAuthor).map((name) => name.replace(/^:/, ""));
  const missing = listed.filter((name) => !storages.has(name));
  for (const name of missing.slice(0, SHOWN))
    report({
      check: "opened",
      outcome: "unknown",
      because: `its transform ${name.slice(0, 100)} is missing`,
      facts: { transform: name.slice(0, 100) },
    });
  const transforms: JsonObject[] = [];
  for (const [name, storage] of [...storages].slice(0, SHOWN)) {
    const facts = await transformFacts(file, storage);
    if (facts !== undefined) transforms.push({ name: name.slice(0, 100), ...facts });
  }
  const targets = listOf(summary, SUMMARY.template);
  const [patchCode = "", ...replaced] = codesOf(summary);
  report({
    check: "structure",
    outcome: "pass",
    because: `is a patch for ${targets.length} products, with ${storages.size} transforms`,
    facts: { patchCode, replaced: replaced.slice(0, SHOWN), targets: targets.slice(0, SHOWN), transforms },
  });
}

/** Reports what a transform that stands alone is for. @throws {@link ArtifactError} */
export async function describeTransform(file: CompoundFile, report: Report): Promise<void> {
  const facts = await transformFacts(file, file.directory.root);
  report({
    check: "structure",
    outcome: "pass",
    because: "is a transform of an installer database",
    facts: facts ?? {},
  });
}

async function transformFacts(file: CompoundFile, storage: OleNode): Promise<JsonObject | undefined> {
  const transform = await readTransform(file, storage);
  if (transform === undefined) return undefined;
  const { from, to } = versionsOf(await readSummary(file, storage));
  return { from, to, ...(await describeChanges(transform)) };
}

/** "PID_REVNUMBER" of a transform: `{product}1.0;{new product}2.0;{upgrade code}`. */
function versionsOf(summary: Summary): { readonly from: string; readonly to: string } {
  const [from = "", to = ""] = listOf(summary, SUMMARY.revision);
  return { from: from.slice(0, 100), to: to.slice(0, 100) };
}

/** @throws {@link ArtifactError} */
export async function identifyPatch(file: CompoundFile): Promise<Identity> {
  const summary = await readSummary(file, file.directory.root);
  const metadata = new Map<string, string>();
  const database = await openDatabase(file);
  // Rows with a company are that company's own.
  for (const { Company, Property, Value } of (await database?.rows("MsiPatchMetadata")) ?? [])
    if (Company === null && typeof Property === "string" && typeof Value === "string")
      metadata.set(Property, Value);
  const newest = file.directory.root.children.find(({ entry }) => entry.kind === "storage");
  const version = newest === undefined ? "" : versionOf(versionsOf(await readSummary(file, newest)).to);
  return identityOf({
    product:
      metadata.get("TargetProductName") ?? metadata.get("DisplayName") ?? textOf(summary, SUMMARY.subject),
    company: metadata.get("ManufacturerName") ?? textOf(summary, SUMMARY.author),
    version,
    originalName: metadata.get("DisplayName") ?? "",
  });
}

/** @throws {@link ArtifactError} */
export async function identifyTransform(file: CompoundFile): Promise<Identity> {
  const summary = await readSummary(file, file.directory.root);
  return identityOf({
    product: textOf(summary, SUMMARY.subject),
    company: textOf(summary, SUMMARY.author),
    version: versionOf(versionsOf(summary).to),
  });
}

/** Behind the product's code. */
const versionOf = (text: string): string => /^\{[^{}]{0,50}\}([\d.]{1,40})$/.exec(text)?.[1] ?? "";

const identityOf = (claims: Identity): Identity =>
  Object.fromEntries(Object.entries(claims).filter(([, claim]) => claim !== ""));

const textOf = (summary: Summary, id: number): string => {
  const value = summary.get(id);
  return typeof value === "string" ? value : "";
};

const listOf = (summary: Summary, id: number): string[] =>
  textOf(summary, id)
    .split(";")
    .filter((part) => part !== "");

/** Codes stand one after the other, without a separator. */
const codesOf = (summary: Summary): string[] =>
  textOf(summary, SUMMARY.revision).match(/\{[0-9A-Fa-f-]{36}\}/g) ?? [];
