/**
 * Verdicts as a SARIF log, for whoever already reads the results of scanners: one run, one result for each evidence
 * that did not pass, and one for each reason that rests on no evidence. Rule ids are the checks' and the policies' ids,
 * which do not change. Source: OASIS SARIF 2.1.0.
 * @module
 */

import { createHash } from "node:crypto";
import { checkIdOf, type Decision, type Evidence, type JsonObject, type Verdict } from "@sallyport/core";
import { checks } from "@sallyport/gate";
import type { Judgement } from "../judge.ts";
import { version } from "../version.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const LEVEL = { refuse: "error", hold: "warning", admit: "note" } as const satisfies Record<Verdict, string>;

export function sarifLog(judgements: readonly Judgement[]) {
  const artifacts = new Artifacts();
  const results = judgements.flatMap((judgement) => resultsOf(judgement, artifacts));
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Sallyport", semanticVersion: version, version, rules: rulesOf(results) } },
        columnKind: "utf16CodeUnits",
        invocations: [{ executionSuccessful: true }],
        artifacts: artifacts.list,
        results,
        properties: {
          verdicts: judgements.map(({ decision }) => ({
            subject: decision.subject.id,
            label: decision.subject.label,
            verdict: decision.verdict,
            notChecked: decision.notChecked,
          })),
        },
      },
    ],
  } as const;
}

type Result = ReturnType<typeof resultsOf>[number];

function resultsOf({ artifact, decision }: Judgement, artifacts: Artifacts) {
  const { label } = decision.subject;
  const root = artifacts.add(label, { sha256: artifact.root.sha256, length: artifact.root.sizeBytes });
  const sizes = new Map(
    artifact.members.map(({ path, sha256, sizeBytes }) => [path, { sha256, length: sizeBytes }]),
  );
  const levels = levelsOf(decision);
  const seen = decision.evidence.flatMap((evidence, index) => {
    if (evidence.outcome === "pass") return [];
    const { path = "", because, facts, outcome } = evidence;
    const member = path === "" ? root : artifacts.add(path, sizes.get(path), root);
    return result({
      ruleId: checkIdOf(evidence.source),
      level: levels.get(index) ?? "note",
      text: path === "" ? because : `${path}: ${because}`,
      location: {
        artifact: member,
        path: path === "" ? label : `${label}/${path}`,
        region: regionOf(evidence),
      },
      properties: { outcome, facts },
    });
  });
  const unfounded = decision.reasons
    .filter(({ verdict, evidence }) => verdict !== "admit" && !evidence.some((index) => levels.has(index)))
    .map(({ policy, verdict, because }) =>
      result({
        ruleId: `policy/${policy}`,
        level: LEVEL[verdict],
        text: because,
        location: { artifact: root, path: label, region: undefined },
        properties: { verdict },
      }),
    );
  return [...seen, ...unfounded];
}

/** What each evidence that did not pass led to, by its index: the worst reason that rests on it. */
function levelsOf({ reasons, evidence }: Decision): ReadonlyMap<number, "error" | "warning"> {
  const levels = new Map<number, "error" | "warning">();
  for (const { verdict, evidence: indexes } of reasons)
    for (const index of indexes) {
      if (verdict === "admit" || evidence[index]?.outcome === "pass") continue;
      if (levels.get(index) !== "error") levels.set(index, LEVEL[verdict]);
    }
  return levels;
}

interface Place {
  readonly artifact: number;
  readonly path: string;
  readonly region: { readonly byteOffset: number; readonly byteLength: number } | undefined;
}

function result(found: {
  readonly ruleId: string;
  readonly level: "error" | "warning" | "note";
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

/** Where to look, when the facts say so. §3.30.12: a byte offset is a whole number from the start of the artifact. */
function regionOf({ facts: { offsetBytes, lengthBytes } }: Evidence): Place["region"] {
  if (typeof offsetBytes !== "number" || !Number.isSafeInteger(offsetBytes) || offsetBytes < 0)
    return undefined;
  const isLength = typeof lengthBytes === "number" && Number.isSafeInteger(lengthBytes) && lengthBytes >= 0;
  return { byteOffset: offsetBytes, byteLength: isLength ? lengthBytes : 0 };
}

/** Only rules that were broken: what was looked for stands in the documentation. */
function rulesOf(results: readonly Result[]) {
  return [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => {
    const check = checks.find((one) => one.id === id);
    const text = check?.question ?? `The policy ${id.slice("policy/".length)} speaks against it.`;
    return {
      id,
      shortDescription: { text },
      help: { text: check === undefined ? text : `${text} (${check.document})` },
    };
  });
}

/** Each file once; a member points to the file around it (§3.24.3). */
class Artifacts {
  readonly list: JsonObject[] = [];
  readonly #indexes = new Map<string, number>();

  add(
    path: string,
    known: { readonly sha256: string; readonly length: number } | undefined,
    parentIndex?: number,
  ): number {
    const key = `${parentIndex ?? ""} ${path} ${parentIndex === undefined ? known?.sha256 : ""}`;
    const index = this.#indexes.get(key) ?? this.list.length;
    if (index < this.list.length) return index;
    this.#indexes.set(key, index);
    this.list.push({
      location: { uri: path.split("/").map(encodeURIComponent).join("/") },
      ...(parentIndex === undefined ? { roles: ["analysisTarget"] } : { parentIndex }),
      ...(known !== undefined && { length: known.length, hashes: { "sha-256": known.sha256 } }),
    });
    return index;
  }
}
