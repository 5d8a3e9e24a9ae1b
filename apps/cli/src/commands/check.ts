/** `check FILE|URL…`: judge artifacts. @module */

import { UsageError, type Verdict, worseVerdict } from "@sallyport/core";
import type { Origin } from "@sallyport/gate";
import type { Command } from "commander";
import { type AntivirusOptions, addAntivirusOption, readAntivirus } from "../antivirus.ts";
import { type Asked, readArguments, withInputs } from "../asked-inputs.ts";
import { addBroughtOptions, type BroughtOptions, readBrought } from "../brought.ts";
import { addDocumentOptions, type DocumentKind, type DocumentOptions, documentKind } from "../documents.ts";
import { readSaidOrigin } from "../downloads.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { type Home, openHome } from "../home.ts";
import { type Input, singleInput } from "../inputs.ts";
import { type Judgement, type Judging, judge } from "../judge.ts";
import { keepDownload } from "../keep-download.ts";
import { addNetworkOptions, type NetworkOptions } from "../network.ts";
import {
  addOpeningOptions,
  addPolicyOptions,
  collected,
  type OpeningOptions,
  openingLimits,
  readSigner,
} from "../options.ts";
import { type PolicyOptions, policyOnDemand } from "../policy.ts";
import { progressLine } from "../progress.ts";
import { readBounded } from "../read-bounded.ts";
import { printable } from "../render/text.ts";
import { renderVerdict, screenOf } from "../render/verdict.ts";
import { verdictDocument, verdictsDocument } from "../render/verdict-json.ts";
import { renderVerdictLine, renderVerdictTotals } from "../render/verdict-lines.ts";
import { addRulesOption, type RulesOptions, readRules } from "../rules.ts";
import { storedRules } from "../stored-rules.ts";
import type { Terminal } from "../terminal.ts";
import { requireWritableTarget, writeWhole } from "../write-file.ts";
import type { Finish } from "./command.ts";

const MAX_PUBLISHED_BYTES = 8 * 1024 * 1024;

export interface CheckOptions
  extends BroughtOptions,
    DocumentOptions,
    NetworkOptions,
    OpeningOptions,
    PolicyOptions,
    AntivirusOptions,
    RulesOptions {
  readonly signer: readonly string[];
  readonly expect?: string;
  readonly published?: string;
  readonly origin?: string;
  readonly download?: string;
  readonly save?: string;
  readonly baseline?: string;
  readonly receipt?: string;
  readonly quiet?: boolean;
}

export function addCheck(program: Command, terminal: Terminal, finish: Finish): void {
  const command = program
    .command("check")
    .summary("judge artifacts; a folder stands for each file in it")
    .argument("<file...>", "files, folders, or addresses to fetch: https://…")
    .option("--expect <sha256:hex>", "the hash the file must have")
    .option(
      "--published <file>",
      "hashes that the vendor published: SHA256SUMS, winget or Scoop manifest, latest.yml, …",
    )
    .option("--origin <address>", "where the file came from")
    .option("--download <name>", "which of the downloads that a page names, by its name or version")
    .option("--save <file>", "keep what was fetched in a file, unless it is refused")
    .option("--baseline <file>", "the last good release: what changed since is judged as well")
    .option(
      "--signer <text>",
      "a signer you accept: common name or organisation, exact, or sha256:…; repeatable",
      collected,
      [],
    )
    .option("--receipt <out>", "also write the receipt to a file")
    .option("--quiet", "print nothing; the exit code tells");
  addRulesOption(addPolicyOptions(addOpeningOptions(addBroughtOptions(addDocumentOptions(command)))));
  addAntivirusOption(command);
  addNetworkOptions(command);
  command.addHelpText("after", "\nExit codes: 0 admit; 10 hold; 20 refuse; 2 wrong use; 1 not finished.");
  command.action((files: string[], options: CheckOptions) => finish(() => check(files, options, terminal)));
}

/** @returns the exit code: 0 admit, 10 hold, 20 refuse; the worst of several */
export async function check(
  files: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  const kind = documentKind(options);
  const asked = await readArguments(files, terminal);
  if (asked.length > 1) refuseForSeveral(options);
  refuseWithoutMeaning(asked, options);
  for (const target of [options.receipt, options.save])
    if (target !== undefined) await requireWritableTarget(target);
  const prepared = await prepare(options, terminal);
  const home = await openHome(terminal.home);
  try {
    const judging = await withStoredRules(prepared, home, terminal);
    const work = { home, judging, options, terminal };
    const fetching = { ...work, isQuiet: options.quiet === true };
    const judgements = await withInputs(asked, fetching, async (inputs) => {
      const judged = await judgeAll(inputs, work);
      await save(inputs, judged, work);
      return judged;
    });
    const document = await writeDocument(judgements, kind);
    if (document !== undefined) terminal.out(document);
    const verdicts = judgements.map(({ decision }) => decision.verdict);
    if (asked.length > 1 && showsText(options)) terminal.out(renderVerdictTotals(verdicts));
    return exitCodeOf(verdicts.reduce<Verdict>(worseVerdict, "admit"));
  } finally {
    await home.close();
  }
}

async function save([input]: readonly Input[], [judged]: readonly Judgement[], work: Work): Promise<void> {
  const target = work.options.save;
  if (target === undefined || input === undefined || judged === undefined) return;
  const told = await keepDownload(input, judged.decision.verdict, target);
  if (work.options.quiet !== true) work.terminal.error(`sallyport: ${printable(told)}\n`);
}

const showsText = (options: CheckOptions): boolean =>
  options.quiet !== true && documentKind(options) === undefined;

async function writeDocument(
  judgements: readonly Judgement[],
  kind: DocumentKind | undefined,
): Promise<string | undefined> {
  if (kind === "json") return `${JSON.stringify(documentOf(judgements), null, 2)}\n`;
  if (kind === "sarif") {
    const { verdictLog } = await import("../render/sarif/verdict.ts");
    return `${JSON.stringify(verdictLog(judgements), null, 2)}\n`;
  }
  if (kind === "html") return (await import("../render/html/page.ts")).renderPage(judgements);
  return undefined;
}

function documentOf(judgements: readonly Judgement[]) {
  const [first, second] = judgements;
  return first !== undefined && second === undefined ? verdictDocument(first) : verdictsDocument(judgements);
}

function refuseForSeveral({
  save: saved,
  receipt,
  expect,
  baseline,
  signature: [signature],
}: CheckOptions): void {
  const flags = {
    "--save": saved,
    "--receipt": receipt,
    "--expect": expect,
    "--baseline": baseline,
    "--signature": signature,
  };
  for (const [flag, value] of Object.entries(flags))
    if (value !== undefined)
      throw new UsageError("usage.flag", `${flag} goes with one file; give one file or leave the flag out`);
}

/** @throws UsageError `usage.flag` */
function refuseWithoutMeaning(asked: readonly Asked[], options: CheckOptions): void {
  const hasAddress = asked.some((one) => "address" in one);
  const { origin, download, save: saved } = options;
  for (const [flag, value] of Object.entries({ "--download": download, "--save": saved }))
    if (value !== undefined && !hasAddress)
      throw new UsageError("usage.flag", `${flag} goes with an address; give one, or leave the flag out`);
  if (origin !== undefined && hasAddress)
    throw new UsageError(
      "usage.flag",
      "--origin goes with a file; what is fetched comes from where it is fetched",
    );
}

/** Reads everything that is not the artifact, so that a mistake is told before any work. */
async function prepare(options: CheckOptions, terminal: Terminal): Promise<Judging> {
  const policy = policyOnDemand(options);
  const [brought, published] = await Promise.all([readBrought(options), readPublished(options.published)]);
  if (options.policy.length + options.withoutDefault.length > 0) await policy();
  const limits = openingLimits(options);
  const antivirus = await readAntivirus(options, terminal);
  return {
    ...limits,
    ...brought,
    ...(antivirus === undefined ? {} : { antivirus }),
    rulePacks: await readRules(options, terminal.home, limits.maxMemoryBytes),
    policy,
    published,
    ...(options.origin === undefined ? {} : { origin: await readOrigin(options.origin) }),
    ...(options.baseline === undefined ? {} : { baseline: await singleInput(options.baseline) }),
    expectedHash: options.expect === undefined ? undefined : readExpected(options.expect),
    signers: options.signer.map((text) => ({
      text: readSigner("--signer", text),
      product: undefined,
      origin: "--signer",
    })),
  };
}

async function readOrigin(text: string): Promise<Origin> {
  return { urls: [(await readSaidOrigin(text)).href], toldBy: "--origin" };
}

async function withStoredRules(judging: Judging, home: Home, terminal: Terminal): Promise<Judging> {
  const place = { folder: terminal.home, maxMemoryBytes: judging.maxMemoryBytes };
  const { packs, refused } = await storedRules(home, place, (because) =>
    terminal.error(`sallyport: rules that are kept here were refused: ${printable(because)}\n`),
  );
  return { ...judging, rulePacks: [...(judging.rulePacks ?? []), ...packs], refusedRules: refused };
}

async function readPublished(path: string | undefined) {
  if (path === undefined) return undefined;
  return { name: path, text: (await readBounded(path, MAX_PUBLISHED_BYTES)).toString("utf8") };
}

/** With or without `sha256:` in front, as vendors print it. */
function readExpected(text: string): string {
  const digits = text.toLowerCase().replace(/^sha256:/, "");
  if (!/^[0-9a-f]{64}$/.test(digits))
    throw new UsageError("usage.value", `--expect ${text}: expected sha256: and 64 hexadecimal digits`);
  return `sha256:${digits}`;
}

interface Work {
  readonly home: Home;
  readonly judging: Judging;
  readonly options: CheckOptions;
  readonly terminal: Terminal;
}

async function judgeAll(inputs: readonly Input[], work: Work): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const input of inputs) {
    const judgement = await judgeOne(input, work);
    judgements.push(judgement);
    // Before anything is shown: a verdict without the receipt that was asked for is not finished.
    if (work.options.receipt !== undefined)
      await writeWhole(work.options.receipt, `${JSON.stringify(judgement.receipt, null, 2)}\n`);
    if (showsText(work.options)) show(judgement, inputs.length > 1, work.terminal);
  }
  return judgements;
}

async function judgeOne(input: Input, { home, judging, options, terminal }: Work): Promise<Judgement> {
  const progress = progressLine(input.label, terminal);
  const shows = options.quiet !== true;
  try {
    return await judge(input, home, { ...judging, ...(shows ? { onProgress: progress.show } : {}) });
  } finally {
    progress.clear();
  }
}

function show(judgement: Judgement, isOneOfSeveral: boolean, terminal: Terminal): void {
  const screen = screenOf(terminal);
  terminal.out(
    isOneOfSeveral ? renderVerdictLine(judgement.decision, screen) : renderVerdict(judgement, screen),
  );
}
