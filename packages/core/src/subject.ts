/** What asks to pass. @module */

/** The wings' subjects. A new wing adds its word here. */
export type SubjectKind = "artifact" | "signer";

export interface Subject {
  readonly kind: SubjectKind;
  /** Stable and content-bound where that is possible: `sha256:…` for an artifact. */
  readonly id: string;
  /** What a person calls it: a file name. Never used to decide. */
  readonly label: string;
}
