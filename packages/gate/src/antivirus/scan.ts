/** What an antivirus said of one file. @module */

export interface ScanResult {
  /**
   * - `clean`: it looked at all of it, and said so
   * - `found`: it named something in it
   * - `over-limit`: larger than it, or we, would look at
   * - `failed`: no answer, or one that is not understood
   */
  readonly outcome: "clean" | "found" | "over-limit" | "failed";
  /** What was found, or why it was not scanned. */
  readonly detail: string;
}

export interface Scanner {
  /** What it says it is: `ClamAV 1.4.3`. */
  readonly engine: string;
  /** The day its signatures are of, where it says so. */
  readonly signaturesOf?: string;
  /** Larger files are not handed to it. */
  readonly maxBytes: number;
  /** Why it could not be asked at all. */
  readonly problem?: string;
}
