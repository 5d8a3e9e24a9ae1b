/** The commands in the order in which help lists them, for the program and for the check that documents name no others. @module */

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

export type CommandName = (typeof commandNames)[number];
