/**
 * The verdict on a screen of 80×24: verdict and why first, then what was checked and what was not, then what to
 * do next.
 * @module
 */

import { checkIdOf, type Decision, type Evidence, type Reason, type Verdict } from "@sallyport/core";
import type { Artifact, Baseline } from "@sallyport/gate";
import type { Judgement } from "../judge.ts";
import type { Terminal } from "../terminal.ts";
import { summarise } from "./artifact-summary.ts";
import { nextSteps } from "./next-steps.ts";
import { bytesText, hang, type Paint, painter, printable, shortened } from "./text.ts";

export interface Screen {
  readonly paint: Paint;
  readonly columns: number;
  /** What a person types to start the program, for commands that can be pasted. */
  readonly program: string;
}

export const screenOf = ({ hasColour, columns, program }: Terminal): Screen => ({
  paint: painter(hasColour),
  columns,
  program,
});

const MAX_PLACES = 3;
/** Of a file's name, and of a sentence that quotes what a file says of itself. */
const MAX_NAME_LENGTH = 160;
const MAX_SENTENCE_LENGTH = 400;
const STYLE = { admit: "green", hold: "yellow", refuse: "red" } as const satisfies Record<Verdict, string>;

export function renderVerdict(
  { artifact, baseline, decision }: Pick<Judgement, "artifact" | "baseline" | "decision">,
  screen: Screen,
): string {
  const columns = Math.min(screen.columns, 100);
  const blocks = [
    heading(artifact, decision, screen, columns),
    renderReasons(decision, columns),
    baseline === undefined ? [] : sinceBaseline(baseline, columns),
    checked(decision, columns),
    nextSteps(artifact, decision).flatMap(({ text, commands = [] }, index) => [
      ...hang(index === 0 ? "Next: " : "      ", text, columns),
      // Not broken: what is pasted must stay one line.
      ...commands.map((command) => `        ${screen.program} ${command}`),
    ]),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function heading(
  artifact: Artifact,
  decision: Decision,
  { paint }: Screen,
  columns: number,
): readonly string[] {
  const { format, sizeBytes, product, version, signers } = summarise(artifact);
  const claims = [
    format,
    bytesText(sizeBytes),
    artifact.members.length > 0 ? `${artifact.members.length} inside` : "",
    nameText([product, version].filter((part) => part !== undefined).join(" ")),
    nameText(signedText(artifact, signers)),
  ].filter((part) => part !== "");
  const name = nameText(decision.subject.label);
  const verdict = paint([STYLE[decision.verdict], "bold"], decision.verdict.toUpperCase());
  return [
    ...hang("", `${decision.verdict.toUpperCase()}  ${name}`, columns).map((line, index) =>
      index === 0 ? line.replace(decision.verdict.toUpperCase(), verdict) : line,
    ),
    ...hang("", claims.join(" · "), columns),
    ...withoutDefaults(decision, columns),
  ];
}

/** A signature that is there and does not hold is not the same as none. */
export function signedText({ root }: Artifact, intactSigners: readonly string[]): string {
  if (intactSigners.length > 0) return `signed by ${intactSigners.join(", ")}`;
  if (root.signatures.length === 0) return "no signature that is read here";
  const isBroken = root.signatures.some(({ integrity }) => integrity === "fail");
  return isBroken ? "its signature is broken" : "its signature cannot be verified";
}

function withoutDefaults({ replay }: Decision, columns: number): readonly string[] {
  if (replay.withoutDefaults.length === 0) return [];
  return hang("! ", `judged without the default policies ${replay.withoutDefaults.join(", ")}`, columns);
}

/** How much changed, and what is worth a look beside what speaks against it. */
function sinceBaseline({ label, comparison }: Baseline, columns: number): readonly string[] {
  const { counts, differences } = comparison;
  const looks = differences.filter(({ risk }) => risk === "medium" || risk === "low");
  const { changed, added, removed } = counts;
  const text =
    changed + added + removed + comparison.notCompared.length === 0
      ? "nothing changed; is this the earlier release?"
      : `${changed} changed, ${added} added, ${removed} removed; ${looks.length} worth a look`;
  return [
    ...hang(`Since ${nameText(label)}: `, text, columns),
    ...looks.slice(0, MAX_PLACES).flatMap((one) => hang("    ", describeEvidence(one), columns)),
    ...(looks.length > MAX_PLACES ? [`    and ${looks.length - MAX_PLACES} more; diff shows them`] : []),
  ];
}

const MARK: Record<Verdict, string> = { admit: "+ ", hold: "! ", refuse: "x " };

/** Why, and the evidence: as many places as fit, and no sentence twice. */
function renderReasons({ reasons, evidence }: Decision, columns: number): readonly string[] {
  const shown = new Set<string>();
  return reasons.flatMap((reason) => {
    const sentences = new Set(tellingEvidence(reason, evidence).map(describeEvidence)).difference(shown);
    for (const sentence of sentences) shown.add(sentence);
    const more = sentences.size - MAX_PLACES;
    return [
      ...hang(MARK[reason.verdict], `${printable(reason.because)} (${reason.policy})`, columns),
      ...[...sentences].slice(0, MAX_PLACES).flatMap((sentence) => hang("    ", sentence, columns)),
      ...(more > 0 ? [`    and ${more} more; --json shows all`] : []),
    ];
  });
}

/** What speaks for a hold or a refusal, and whose word an exception is; of names, first those that would escape. */
function tellingEvidence(reason: Reason, evidence: readonly Evidence[]): readonly Evidence[] {
  const read = reason.evidence.flatMap((index) => evidence[index] ?? []);
  if (reason.verdict === "admit") return read.filter(({ source }) => checkIdOf(source) === "exception");
  const against = read.filter(({ outcome }) => outcome !== "pass");
  return against.toSorted((a, b) => Number(b.facts.escapes === true) - Number(a.facts.escapes === true));
}

const nameText = (text: string): string => shortened(printable(text), MAX_NAME_LENGTH);

function describeEvidence({ path = "", because }: Pick<Evidence, "path" | "because">): string {
  const text = path === "" ? because : `${nameText(path)}: ${because}`;
  return shortened(printable(text), MAX_SENTENCE_LENGTH);
}

function checked({ evidence, notChecked, verdict }: Decision, columns: number): readonly string[] {
  const bad = evidence.filter(({ outcome }) => outcome !== "pass");
  const known = evidence.filter(({ outcome, facts }) => outcome === "pass" && facts.notable === true);
  // What nobody asked for here was looked at, and is no merit.
  const idle = evidence.filter(({ facts }) => facts.isAskedFor === false);
  const passed = new Set(evidence.map(({ source }) => checkIdOf(source))).difference(
    new Set([...bad, ...known, ...idle].map(({ source }) => checkIdOf(source))),
  );
  const missing = notChecked.map(({ source }) => checkIdOf(source));
  // Somebody took these on: whoever reads the verdict later must see what.
  const despite = verdict === "admit" ? [...new Set(bad.map(describeEvidence))] : [];
  return [
    ...despite.slice(0, MAX_PLACES).flatMap((sentence) => hang("Despite: ", sentence, columns)),
    ...(despite.length > MAX_PLACES
      ? [`Despite: ${despite.length - MAX_PLACES} more; --json shows all`]
      : []),
    ...able(evidence)
      .slice(0, MAX_PLACES)
      .flatMap((one) => hang("Able: ", describeEvidence(one), columns)),
    // What the world knows of it, which decides nothing and is worth knowing.
    ...known.slice(0, MAX_PLACES).flatMap((one) => hang("Known: ", describeEvidence(one), columns)),
    ...(known.length > MAX_PLACES ? [`Known: ${known.length - MAX_PLACES} more; --json shows all`] : []),
    ...(passed.size > 0 ? hang("Fine: ", [...passed].join(", "), columns) : []),
    ...(missing.length > 0 ? hang("Not checked: ", `${missing.join(", ")} (why: --json)`, columns) : []),
  ];
}

/** How much of what is unusual a file must be able to do until it is worth a line. */
const TOLD_STRENGTH = 3;

/** What files inside can do that few others do: no fault, and worth knowing. */
const able = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.filter(
    ({ source, facts }) => checkIdOf(source) === "behaviours" && Number(facts.strength ?? 0) >= TOLD_STRENGTH,
  );
