/** Flags for the documents that go to stdout in place of text: one of them, or none. @module */

import { UsageError } from "@sallyport/core";
import type { Command } from "commander";

const KINDS = ["json", "sarif", "html"] as const;

export type DocumentKind = (typeof KINDS)[number];

export type DocumentOptions = { readonly [kind in DocumentKind]?: boolean };

export function addDocumentOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document and nothing else on stdout")
    .option("--sarif", "print a SARIF 2.1.0 log and nothing else on stdout")
    .option("--html", "print one page for a reviewer and nothing else on stdout");
}

/** @returns undefined for text. @throws UsageError `usage.flag` for two at once */
export function documentKind(options: DocumentOptions): DocumentKind | undefined {
  const [first, second] = KINDS.filter((kind) => options[kind] === true);
  if (first !== undefined && second !== undefined)
    throw new UsageError("usage.flag", `--${first} and --${second} exclude each other; give one of them`);
  return first;
}
