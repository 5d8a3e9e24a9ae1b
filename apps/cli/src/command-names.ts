/** The commands, for the program and for the check that documents name no others. @module */

export const commandNames = [
  "check",
  "diff",
  "inspect",
  "sbom",
  "admit",
  "accept",
  "receipt",
  "twins",
  "policy",
  "trust",
  "intel",
  "hunt",
  "replay",
] as const;
