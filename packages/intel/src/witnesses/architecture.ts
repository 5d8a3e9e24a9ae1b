/** Architectures as package lists name them, in the words that the gate uses. @module */

const NAMES = new Map<string, string>([
  ["x64", "x64"],
  ["64bit", "x64"],
  ["amd64", "x64"],
  ["x86_64", "x64"],
  ["intel", "x64"],
  ["x86", "x86"],
  ["32bit", "x86"],
  ["386", "x86"],
  ["arm64", "arm64"],
  ["arm64e", "arm64"],
  ["aarch64", "arm64"],
  ["arm", "arm"],
]);

/** @returns undefined for `neutral` and what nobody knows: then it says nothing of the architecture */
export const architectureOf = (name: string): string | undefined => NAMES.get(name.trim().toLowerCase());
