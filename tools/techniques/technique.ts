/** The seam of techniques: one small file each in `list/`, one line in `registry.ts`. @module */

import type { Release, ReleaseKind } from "./release.ts";
import type { World } from "./world.ts";

export interface Technique {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly title: string;
  /** The compromise whose shape it copies, and where that is told. */
  readonly shape: string;
  readonly kind: ReleaseKind;
  /** What it must come out as at least; `medium` where an honest release does just the same. */
  readonly least: "high" | "medium";
  /** The newer release is the one that was admitted last, the older one what comes after it. */
  readonly newerFirst?: boolean;
  /** What both releases must hold for it: a font, a service. */
  prepare?(release: Release, world: World): Release;
  /** Harmless: text, bytes that nothing runs, hosts that do not exist. */
  attack(releases: Releases, world: World): Release | Promise<Release>;
  /** The ordinary change it resembles. */
  readonly twinTitle: string;
  twin(releases: Releases, world: World): Release | Promise<Release>;
}

export interface Releases {
  /** The last good release. */
  readonly before: Release;
  /** The ordinary release after it: what is changed into the attack, or into its twin. */
  readonly after: Release;
}
