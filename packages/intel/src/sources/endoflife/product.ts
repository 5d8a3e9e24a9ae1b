/** A product of endoflife.date, in one shape for both of its forms. @module */

/** What is not said is not known; `true` says that it is over, and not since when. */
export interface EndoflifeProduct {
  /** `amazon-corretto`. */
  readonly name: string;
  readonly label: string;
  readonly identifiers: readonly EndoflifeIdentifier[];
  readonly url: string;
  readonly releases: readonly EndoflifeRelease[];
}

export interface EndoflifeIdentifier {
  /** `purl`, `cpe`, `repology`, … */
  readonly type: string;
  readonly id: string;
}

/** A day, or only that it is over; absent: not over, or not known. */
export type End = string | true | undefined;

export interface EndoflifeRelease {
  readonly name: string;
  readonly endOfActiveSupport: End;
  /** Of what everybody gets. */
  readonly endOfLife: End;
  /** Of what is paid for; `none` where nobody can pay for it. */
  readonly endOfExtendedSupport: End | "none";
  readonly latest?: string;
  readonly latestOn?: string;
}
