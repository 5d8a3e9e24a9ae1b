/**
 * Compound files: installers (`msi`), patches (`msp`), transforms (`mst`), and old Office documents (`ole`).
 * Source: [MS-CFB].
 * @module
 */

import { hasCode, SallyportError } from "@sallyport/core";
import { judgeMemberName, nameFinding } from "../../member-name.ts";
import type { Format, Member, OpenContext } from "../format.ts";
import {
  type CompoundFile,
  openCompoundFile,
  type PlacedNode,
  streamOf,
  walkNodes,
} from "./compound-file.ts";
import { type InstallerDatabase, openDatabase } from "./database.ts";
import { isMini } from "./directory.ts";
import { OLE_MAGIC } from "./header.ts";
import { measureSlack, reportHiddenSpace } from "./hidden-space.ts";
import { readActions, readCabinets, readCodes, readFileNames, readIdentity } from "./installer.ts";
import { describePatch, describeTransform, identifyPatch, identifyTransform } from "./patch.ts";
import { decodeStreamName } from "./stream-name.ts";

/** Class of the root storage, as Windows Installer writes it: {000C1084-0000-0000-C000-000000000046} and its kin. */
const REFINED: ReadonlyMap<string, string> = new Map([
  ["84100c0000000000c000000000000046", "msi"],
  ["86100c0000000000c000000000000046", "msp"],
  ["82100c0000000000c000000000000046", "mst"],
]);

export const ole: Format = {
  id: "ole",
  title: "OLE compound file",
  document: "[MS-CFB]; Windows Installer SDK, Database Tables",
  names: ["msi", "msp", "mst"],
  recognise: ({ head }) => head.subarray(0, OLE_MAGIC.length).equals(OLE_MAGIC),
  async *open(source, context) {
    const file = await openCompoundFile(source, context.maxHeldBytes);
    const refined = REFINED.get(file.directory.root.entry.classId.toString("hex"));
    if (refined !== undefined) context.refineFormat(refined);
    await reportHiddenSpace(file, context.report);
    const installer = await describe(file, refined, context);
    if (installer !== undefined && refined === undefined) context.refineFormat("msi");
    for (const placed of walkNodes(file.directory.root)) {
      if (placed.entry.kind !== "stream") continue;
      context.budget.checkTime();
      const member = memberOf(file, placed, installer);
      reportName(member.name, context);
      yield member;
    }
  },
  async identify(source, context) {
    const file = await openCompoundFile(source, context.maxHeldBytes);
    const kind = REFINED.get(file.directory.root.entry.classId.toString("hex"));
    if (kind === "msp") return identifyPatch(file);
    if (kind === "mst") return identifyTransform(file);
    const database = await openDatabase(file);
    if (database === undefined) return {};
    context.claimIdentity({}, await readCodes(database));
    return readIdentity(database);
  },
};

/** Findings about cabinets that are not there; more of them say nothing new. */
const REPORTED_CABINETS = 100;

interface Installer {
  /** Names of streams. */
  readonly cabinets: ReadonlySet<string>;
  readonly fileNames: ReadonlyMap<string, string>;
}

/** A database that cannot be read does not keep the streams from being listed. */
async function describe(
  file: CompoundFile,
  kind: string | undefined,
  context: OpenContext,
): Promise<Installer | undefined> {
  try {
    // The tables of a transform are no tables: they say what changes in those of an installer.
    if (kind === "mst") await describeTransform(file, context.report);
    if (kind === "msp") await describePatch(file, context.report);
    if (kind === "mst" || kind === "msp") return undefined;
    const database = await openDatabase(file);
    return database === undefined ? undefined : await describeInstaller(database, file, context);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    // Of a patch only facts are read; what is in it are its streams.
    const isUnknown = hasCode(error, "artifact.over-limit") || kind === "mst" || kind === "msp";
    context.report({
      check: isUnknown ? "opened" : "structure",
      outcome: isUnknown ? "unknown" : "fail",
      because: `its installer database cannot be read: ${error.message}`,
      facts: { code: error.code },
    });
    return undefined;
  }
}

async function describeInstaller(
  database: InstallerDatabase,
  file: CompoundFile,
  context: OpenContext,
): Promise<Installer> {
  const cabinets = await readCabinets(database);
  const streams = new Set(file.directory.root.children.map(({ entry }) => decodeStreamName(entry.name)));
  const missing = cabinets.filter(({ name, isEmbedded }) => !isEmbedded || !streams.has(name));
  for (const { name, isEmbedded } of missing.slice(0, REPORTED_CABINETS)) {
    context.report({
      check: "opened",
      outcome: "unknown",
      because: isEmbedded
        ? `its cabinet ${name} is missing`
        : `it installs from the separate file ${name}, which its signature does not cover: check that file as well`,
      facts: { cabinet: name },
    });
  }
  const actions = await readActions(database);
  context.report({
    check: "structure",
    outcome: "pass",
    because: `is an installer database of ${database.tables.length} tables`,
    facts: { tables: database.tables.length, slackBytes: await measureSlack(file), ...actions },
  });
  const embedded = cabinets.filter(({ isEmbedded }) => isEmbedded).map(({ name }) => name);
  return { cabinets: new Set(embedded), fileNames: await readFileNames(database, context.maxHeldBytes) };
}

function reportName(name: string, context: OpenContext): void {
  const problem = judgeMemberName(name);
  if (problem !== undefined) context.report(nameFinding(problem, name));
}

function memberOf(file: CompoundFile, { entry, storages }: PlacedNode, installer?: Installer): Member {
  const content = streamOf(file, entry);
  const below = content.firstOffset ?? 0;
  const offset = isMini(entry) ? file.miniStream.offsetOf(below) : below;
  const name = [...storages.map((node) => node.entry.name), entry.name].map(decodeStreamName).join("/");
  const isCabinet = installer?.cabinets.has(name) === true;
  return {
    name,
    claimedBytes: entry.sizeBytes,
    range: { source: content, offsetInParentBytes: offset },
    content: () => content.stream(),
    ...(isCabinet ? { memberNames: installer.fileNames } : {}),
  };
}
