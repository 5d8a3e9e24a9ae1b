/** What is told around the two verdicts. Facts: 3CX and Mandiant, statements of March and April 2023. @module */

import { join } from "node:path";
import type { ReplicaRelease, ThreeCxCase } from "@sallyport/gate/replica";
import { hang } from "../render/text.ts";
import type { Screen } from "../render/verdict.ts";

/** Names of the files beside the installers. */
export const KEPT = {
  root: "root.pem",
  published: "SHA256SUMS",
  key: "key.pem",
} as const;

export const receiptName = ({ version }: ReplicaRelease): string => `receipt-${version}.json`;

/** What stayed on disk, for the commands to name. */
export interface Kept {
  readonly folder: string;
  readonly vendor: string;
  /** The refused one. */
  readonly release: ReplicaRelease;
}

export function tellOpening(screen: Screen): string {
  return section("The 3CX case of March 2023, with harmless files built just now", OPENING, screen);
}

const OPENING =
  "A vendor that everybody trusted shipped a trojan in an update, from its own site and signed with its own key, to " +
  "hundreds of companies. The payload lay in a library of another company that the program bundles, at a place that " +
  "no signature covers. Every usual check said: fine.";

export function tellCleanRelease({ product, vendor, clean }: ThreeCxCase, screen: Screen): string {
  const text = `${product} ${clean.version} by ${vendor} (both invented), a signer you accept.`;
  return section(rule("1  The release before", screen), text, screen);
}

export function tellTrojanisedRelease({ trojanised }: ThreeCxCase, screen: Screen): string {
  const text = `${trojanised.version}: same vendor, same key, the published hash, only valid signatures.`;
  // Without the space behind it: all of it, and what to type next, stays on one screen.
  return `\n${section(rule("2  The update", screen), text, screen).trimEnd()}\n`;
}

export function tellNext(kept: Kept | undefined, { paint }: Screen): string {
  const commands = kept === undefined ? GENERAL_COMMANDS : commandsFor(kept);
  const [first, ...rest] = commands.map((command) => `${PROGRAM} ${command}`);
  return `${[`${paint("bold", "Your turn:")} ${first}`, ...rest.map((command) => `${MARGIN}${command}`)].join("\n")}\n`;
}

/** As it is typed: in a clone by its path, else as it was installed. Only the bundle is JavaScript. */
const PROGRAM = import.meta.url.endsWith(".ts")
  ? process.platform === "win32"
    ? ".\\sallyport"
    : "./sallyport"
  : "sallyport";

const MARGIN = " ".repeat("Your turn: ".length);

const GENERAL_COMMANDS: readonly string[] = [
  "check FILE --receipt OUT    (or inspect FILE)",
  "receipt verify OUT --artifact FILE",
  "replay 3cx --keep FOLDER    (keeps these files)",
];

function commandsFor({ folder, vendor, release }: Kept): readonly string[] {
  const at = (name: string) => quoted(join(folder, name));
  const file = at(release.fileName);
  const trust = `--trust ${at(KEPT.root)}`;
  return [
    `inspect ${file}${NEXT_LINE}${trust}`,
    `check ${file}${NEXT_LINE}${trust} --signer ${quoted(vendor)}`,
    `receipt verify ${at(receiptName(release))}${NEXT_LINE}--artifact ${file} --key ${at(KEPT.key)}`,
  ];
}

/** A command goes on in the next line; the shell of Windows has another way, so there it stays one line. */
const NEXT_LINE = process.platform === "win32" ? " " : ` \\\n${MARGIN}  `;

/** As a shell takes it for one word. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word;
  return /^[\w@%+=:,./ -]+$/.test(word) ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

const rule = (title: string, { columns }: Screen): string =>
  `── ${title} `.padEnd(Math.min(columns, 80), "─");

/** A title, a paragraph, and the space behind them. */
function section(title: string, text: string, { paint, columns }: Screen): string {
  return `${[paint("bold", title), ...hang("", text, columns)].join("\n")}\n\n`;
}
