/** Two images, and what one trait says of them. @module */

import { compareMembers, portraitOf } from "../trait.fixture.ts";
import type { Difference, Trait } from "../trait.ts";
import { buildImage, type ImageRequest } from "./image.fixture.ts";
import { executable } from "./index.ts";

/** Compares two images that are built as asked; bytes are taken as they are. */
export async function compareImages(
  trait: Trait,
  before: ImageRequest | Buffer,
  after: ImageRequest | Buffer,
): Promise<Difference[]> {
  const draw = (image: ImageRequest | Buffer) =>
    portraitOf([executable], {
      path: "program",
      format: "pe",
      bytes: Buffer.isBuffer(image) ? image : buildImage(image),
    });
  return compareMembers(trait, await draw(before), await draw(after));
}

/** `critical patched-after-linking`, without what is only told. */
export const alarms = (differences: readonly Difference[]): string[] =>
  differences.filter(({ risk }) => risk !== "info").map(({ risk, rule }) => `${risk} ${rule}`);
