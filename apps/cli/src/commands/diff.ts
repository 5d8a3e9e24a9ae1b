/** `diff OLD NEW`: what changed between two releases, the gravest first. Judges and records nothing. @module */

import { join } from "node:path";
import { checkIdOf, DEFAULT_LIMITS, type Evidence, silentLog, systemClock } from "@sallyport/core";
import type { Compared, OpenRequest } from "@sallyport/gate";
import type { Command } from "commander";
import { addBroughtOptions, type BroughtOptions, readBrought } from "../brought.ts";
import { addDocumentOptions, type DocumentKind, type DocumentOptions, documentKind } from "../documents.ts";
import { EXIT } from "../exit-codes.ts";
import { makeHome } from "../home.ts";
import { type Input, naming, singleInput } from "../inputs.ts";
import { addOpeningOptions, type OpeningOptions, openingLimits } from "../options.ts";
import { progressLine } from "../progress.ts";
import { diffDocument } from "../render/diff-json.ts";
import { renderDiff } from "../render/diff-text.ts";
import { screenOf } from "../render/verdict.ts";
import { addRulesOption, type RulesOptions, readRules } from "../rules.ts";
import type { Terminal } from "../terminal.ts";
import type { Finish } from "./command.ts";

const EXIT_CODES = `
Exit codes: 0 nothing grave; 10 what the default policies would hold, or what
could not be compared; 20 what they would refuse; 2 wrong use; 1 not finished.
Judges and records nothing: check NEW --baseline OLD does.`;

interface DiffOptions extends BroughtOptions, DocumentOptions, OpeningOptions, RulesOptions {}

export function addDiff(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("diff")
    .summary("what changed between two releases, the gravest first")
    .argument("<old>", "the last good release")
    .argument("<new>", "the new one")
    .addHelpText("after", EXIT_CODES);
  addRulesOption(addOpeningOptions(addBroughtOptions(addDocumentOptions(command)))).action(
    (old: string, fresh: string, options: DiffOptions) => finish(() => diff([old, fresh], options, terminal)),
  );
}

/** @returns 0; 20 for what the default policies refuse; 10 for what they hold, which is also what could not be compared */
async function diff(
  files: readonly [string, string],
  options: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  const kind = documentKind(options);
  const [before, after] = [await singleInput(files[0]), await singleInput(files[1])];
  const request = await prepare(options, terminal);
  const { compareArtifacts, gainedFaults } = await import("@sallyport/gate");
  const progress = progressLine(after.label, terminal);
  try {
    const compared = await compareArtifacts({
      before: { ...request, ...before },
      after: { ...request, ...after, onProgress: progress.show },
    }).catch((error) => {
      throw naming(`${before.path} or ${after.path}`, error);
    });
    progress.clear();
    const faults = gainedFaults(compared);
    const screen = screenOf(terminal);
    terminal.out(
      kind === undefined ? renderDiff(compared, faults, screen) : await write({ compared, faults }, kind),
    );
    return exitCodeOf(compared, faults);
  } finally {
    progress.clear();
  }
}

async function write({ compared, faults }: Found, kind: DocumentKind): Promise<string> {
  if (kind === "html") return (await import("../render/html/diff-page.ts")).renderDiffPage(compared, faults);
  const document =
    kind === "json"
      ? diffDocument(compared, faults)
      : (await import("../render/sarif/diff.ts")).diffLog(compared, faults);
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Found {
  readonly compared: Compared;
  readonly faults: readonly Evidence[];
}

async function prepare(options: DiffOptions, terminal: Terminal): Promise<Omit<OpenRequest, keyof Input>> {
  const { trust, brought } = await readBrought(options);
  const { limits, maxMemoryBytes } = openingLimits(options);
  makeHome(terminal.home);
  return {
    limits: { ...DEFAULT_LIMITS, ...limits },
    maxMemoryBytes,
    scratchRoot: join(terminal.home, "scratch"),
    rulePacks: await readRules(options, terminal.home, maxMemoryBytes),
    trust,
    brought,
    now: systemClock.now(),
    log: silentLog,
  };
}

/** What the default policies would make of what changed alone. */
function exitCodeOf({ comparison }: Compared, faults: readonly Evidence[]): number {
  const [worst] = comparison.differences;
  if (worst?.risk === "critical" || faults.some(isRefused)) return EXIT.refuse;
  const isBlind = comparison.notCompared.length > 0 || comparison.sameProduct === false;
  const isHeld = worst?.risk === "high" || isBlind || faults.length > 0;
  return isHeld ? EXIT.hold : EXIT.admit;
}

const REFUSED: ReadonlySet<string> = new Set(["certificate-table", "integrity", "structure"]);
const isRefused = ({ source, outcome, facts }: Evidence): boolean =>
  outcome === "fail" && (REFUSED.has(checkIdOf(source)) || facts.escapes === true);
