/**
 * What the list does not say of its products and their own files do: who made them, as the files write it. Each row of
 * makers.json says where that was read.
 * @module
 */

import data from "./makers.json" with { type: "json" };

export interface Maker {
  /** As the list names the product: `eclipse-temurin`. */
  readonly product: string;
  readonly vendors?: readonly string[];
  readonly products?: readonly string[];
  /** Names that others go by as well. */
  readonly identifiersLeftOut?: readonly string[];
}

const makers: ReadonlyMap<string, Maker> = new Map(data.rows.map((row: Maker) => [row.product, row]));

export const makerOf = (product: string): Maker | undefined => makers.get(product);
