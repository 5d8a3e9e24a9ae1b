/** What `vulnerable` asks about: the artifact itself and what is inside it, and since when it has been accepted. @module */

import type { JsonObject } from "@sallyport/core";
import { member } from "../claims.ts";
import {
  type Asked as Products,
  readAsked as readProducts,
  writeAsked as writeProducts,
} from "../retired/asked.ts";

export interface Asked extends Products {
  /** When the release before was last let in: what is known since then nobody has weighed. ISO 8601, UTC. */
  readonly baselineAdmittedAt?: string;
}

export const writeAsked = ({ baselineAdmittedAt, ...products }: Asked): JsonObject => ({
  ...writeProducts(products),
  ...(baselineAdmittedAt !== undefined && { baselineAdmittedAt }),
});

export function readAsked(asked: JsonObject): Asked {
  const admitted = member(asked, "baselineAdmittedAt");
  return { ...readProducts(asked), ...(typeof admitted === "string" && { baselineAdmittedAt: admitted }) };
}
