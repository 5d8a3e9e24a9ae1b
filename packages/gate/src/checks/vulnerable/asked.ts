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
  /** The release of a distribution that all of it lies in: `debian-12`. */
  readonly release?: string;
}

export const writeAsked = ({ baselineAdmittedAt, release, ...products }: Asked): JsonObject => ({
  ...writeProducts(products),
  ...(release !== undefined && { release }),
  ...(baselineAdmittedAt !== undefined && { baselineAdmittedAt }),
});

export function readAsked(asked: JsonObject): Asked {
  const admitted = member(asked, "baselineAdmittedAt");
  const release = member(asked, "release");
  return {
    ...readProducts(asked),
    ...(typeof admitted === "string" && { baselineAdmittedAt: admitted }),
    ...(typeof release === "string" && { release }),
  };
}
