/** A table as SSVC's JSON: points and values by their keys, and the names that people know them by. @module */

import type { Json } from "@sallyport/core";
import type { DecisionFact } from "../../fact.ts";
import {
  isJsonObject,
  member,
  readJsonFile,
  refuse,
  requiredList,
  requiredObject,
  requiredText,
  rowOrThrow,
} from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_POINTS = 50;

interface Point {
  readonly name: string;
  /** Names by key. */
  readonly values: ReadonlyMap<string, string>;
}

/** @throws FeedError naming file and row */
export async function readJsonTable(
  file: SourceFile,
  context: ReadContext,
): Promise<readonly DecisionFact[]> {
  const document = await readJsonFile(file, context, MAX_BYTES);
  const { points, outcome, mapping } = rowOrThrow({ file: file.name }, () => ({
    points: pointsOf(document),
    outcome: requiredText(document, "outcome", 200),
    mapping: requiredList(document, "mapping"),
  }));
  return mapping.map((row, index) =>
    rowOrThrow({ file: file.name, row: `mapping[${index}]` }, () => readRow(row, points, outcome)),
  );
}

function pointsOf(document: Json): ReadonlyMap<string, Point> {
  const written = Object.entries(requiredObject(document, "decision_points"));
  if (written.length > MAX_POINTS) refuse("decision_points", `has more than ${MAX_POINTS} entries`);
  return new Map(
    written.map(([id, point]) => {
      const values = requiredList(point, "values").map(
        (value) => [requiredText(value, "key", 60), lower(requiredText(value, "name", 200))] as const,
      );
      return [id, { name: lower(requiredText(point, "name", 200)), values: new Map(values) }];
    }),
  );
}

function readRow(row: Json, points: ReadonlyMap<string, Point>, outcome: string): DecisionFact {
  if (!isJsonObject(row)) refuse("mapping", "holds no object");
  const named = new Map(
    [...points].map(([id, { name, values }]) => {
      const key = member(row, id);
      const value = typeof key === "string" ? values.get(key) : undefined;
      return [
        id,
        [name, value ?? refuse(id.slice(0, 60), "is missing, or no value that the table names")] as const,
      ];
    }),
  );
  const [table, decided] = named.get(outcome) ?? refuse("outcome", "is no point of the table");
  if (Object.keys(row).length !== points.size)
    refuse("mapping", "names a point that the table does not have");
  const when = [...named].filter(([id]) => id !== outcome).map(([, pair]) => pair);
  return { kind: "decision", table, when: Object.fromEntries(when), outcome: decided };
}

const lower = (text: string): string => text.toLowerCase();
