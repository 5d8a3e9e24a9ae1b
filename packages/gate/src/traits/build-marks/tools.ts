/** Families of tools, told by the marks they leave. @module */

import type { ExecutableFacts } from "../executable/facts.ts";

/** What a mark begins with or holds, in lower case, and whose it is. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/\brustc\b/, "Rust"],
  [/^go\d|\bgo version\b|\bgo1\.\d/, "Go"],
  [/\bclang\b|\blld\b|\bllvm\b/, "LLVM"],
  [/\bgcc\b|\bgnu\b/, "GNU"],
  [/\bswift/, "Swift"],
  [/\bzig\b/, "Zig"],
  [/\bnative ?aot\b|\bilc\b/, ".NET"],
];

/**
 * @returns families, sorted; empty when nothing tells. For Windows images a Rich header is Microsoft's linker, and
 * otherwise the linker's version tells: Borland's have 2.25, Go's 3.0; GNU's 2 and Microsoft's 14 are LLVM's as well.
 */
export function toolsOf({ kind, buildMarks, isManaged }: ExecutableFacts): string[] {
  if (isManaged === true) return [];
  const found = new Set<string>();
  for (const text of [...(buildMarks.compiler ?? []), ...(buildMarks.linker ?? [])]) {
    const family = FAMILIES.find(([pattern]) => pattern.test(text.toLowerCase()));
    if (family !== undefined) found.add(family[1]);
  }
  if (kind === "pe") found.add(linkerOf(buildMarks.linker?.[0] ?? ""));
  return [...found].filter((name) => name !== "").sort();
}

function linkerOf(version: string): string {
  const [major = ""] = version.split(".", 1);
  if (major === "3") return "Go";
  if (major === "2") return "GNU or Borland";
  return Number(major) >= 5 && Number(major) <= 15 ? "Microsoft's linker" : "";
}
