/**
 * A SARIF log, for whoever already reads the results of scanners: one run, its results, and the rules they broke. Rule
 * ids do not change. Source: OASIS SARIF 2.1.0.
 * @module
 */

import { createHash } from "node:crypto";
import type { JsonObject } from "@sallyport/core";
import { version } from "../../version.ts";
import type { Artifacts } from "./artifacts.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export type Level = "error" | "warning" | "note";

export interface RuleText {
  readonly short: string;
  readonly help: string;
}

/** @param describe - what the rule with this id says */
export function sarifLog(
  { results, artifacts, properties }: Contents,
  describe: (ruleId: string) => RuleText,
) {
  // Only rules that were broken: what was looked for stands in the documentation.
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => {
    const { short, help } = describe(id);
    return { id, shortDescription: { text: short }, help: { text: help } };
  });
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Sallyport", semanticVersion: version, version, rules } },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: true }],
        artifacts: artifacts.list,
        results,
        properties,
      },
    ],
  } as const;
}

interface Contents {
  readonly results: readonly Result[];
  readonly artifacts: Artifacts;
  readonly properties: object;
}

export type Result = ReturnType<typeof result>;

export interface Place {
  readonly artifact: number;
  readonly path: string;
  readonly region: { readonly byteOffset: number; readonly byteLength: number } | undefined;
}

export function result(found: {
  readonly ruleId: string;
  readonly level: Level;
  readonly text: string;
  readonly location: Place;
  readonly properties: JsonObject;
}) {
  const { ruleId, level, text, location, properties } = found;
  const { artifact, path, region } = location;
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([ruleId, path, text]))
    .digest("hex");
  return {
    ruleId,
    level,
    message: { text },
    locations: [
      {
        physicalLocation: { artifactLocation: { index: artifact }, ...(region !== undefined && { region }) },
        logicalLocations: [{ fullyQualifiedName: path, kind: "member" }],
      },
    ],
    partialFingerprints: { "sallyportFinding/v1": fingerprint },
    properties,
  } as const;
}
