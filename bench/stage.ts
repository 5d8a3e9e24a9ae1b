/** What every measurement is given, and what it hands back. @module */

import { type Command, interleave, median } from "./measure.ts";

export interface Stage {
  /** For inputs and homes; removed at the end. */
  readonly folder: string;
  readonly rounds: number;
  /** A run of the product from this clone, with a home of its own. Any verdict is an answer. */
  readonly sallyport: (...args: readonly string[]) => Command;
}

/** One row of the table. */
export interface Figure {
  readonly what: string;
  readonly ours: string;
  readonly beside: string;
  readonly result: string;
  readonly aim: string;
  readonly holds: boolean;
}

/** Both in turn: the ratio of the medians. */
export async function compare(
  what: string,
  commands: { readonly ours: Command; readonly theirs: Command; readonly name: string },
  { rounds, mostTimes }: { readonly rounds: number; readonly mostTimes: number },
): Promise<Figure> {
  const { ours, theirs, name } = commands;
  const seconds = await interleave({ ours, theirs }, rounds);
  const [mine, other] = [median(seconds.ours), median(seconds.theirs)];
  return {
    what,
    ours: `${mine.toFixed(2)} s`,
    beside: `${other.toFixed(2)} s, ${name}`,
    result: `${(mine / other).toFixed(1)}×`,
    aim: `≤ ${mostTimes}×`,
    holds: mine / other <= mostTimes,
  };
}
