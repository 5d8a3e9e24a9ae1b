/** What asking again brought, for people and as JSON. @module */

import type { Evidence, Subject } from "@sallyport/core";
import type { Hunted } from "@sallyport/gate";
import type { HuntResult } from "../hunt.ts";
import { hang, printable, shortened } from "./text.ts";
import type { Screen } from "./verdict.ts";

/** More of a kind are counted only. */
const MAX_SHOWN = 20;
const MAX_NAMES = 3;

export function renderHunt(result: HuntResult, screen: Screen): string {
  const { recorded, proposed } = result;
  const worse = recorded.filter(({ hunted }) => hunted.change === "worse");
  const released = recorded.filter(({ hunted }) => hunted.change === "released");
  const lines = [
    `${count(result.decisions, "past decision")} asked again: ${result.same} stay, ${worse.length} became worse, ${proposed.length} could be better`,
    ...section(
      "Became worse, and recorded",
      worse.map(({ hunted }) => hunted),
      screen,
    ),
    ...section(
      "Waited long enough, and recorded",
      released.map(({ hunted }) => hunted),
      screen,
    ),
    ...section("Could be better: a person decides", proposed, screen),
    ...advice(proposed, screen),
    ...policyLines(result, screen),
    ...unansweredLines(result, screen),
  ];
  return `${lines.join("\n")}\n`;
}

function section(title: string, hunted: readonly Hunted[], screen: Screen): readonly string[] {
  if (hunted.length === 0) return [];
  const rest = hunted.length - MAX_SHOWN;
  return [
    "",
    screen.paint("bold", title),
    ...hunted.slice(0, MAX_SHOWN).flatMap((one) => oneLines(one, screen)),
    ...(rest > 0 ? [`  and ${rest} more: hunt --json lists them all`] : []),
  ];
}

function oneLines({ past, decision, news }: Hunted, screen: Screen): readonly string[] {
  const { label } = decision.subject;
  const verdicts = `${past.decision.verdict.toUpperCase()} → ${decision.verdict.toUpperCase()}`;
  const head = `${verdicts}  ${nameText(label)}, decided ${past.recordedAt.toISOString().slice(0, 10)}`;
  const [first] = tellingOf({ decision, news });
  return [
    ...hang("  ", head, screen.columns),
    ...(first === undefined ? [] : hang("    ", shortened(printable(first), 400), screen.columns)),
  ];
}

/** What was seen now, else what the policies say of what stood there all along. */
function tellingOf({ decision, news }: Pick<Hunted, "decision" | "news">): readonly string[] {
  const bad = news.filter(({ outcome }) => outcome !== "pass").map(sentenceOf);
  return bad.length > 0 ? bad : decision.reasons.map(({ because }) => because);
}

const sentenceOf = ({ path, because }: Evidence): string =>
  path === undefined ? because : `${path}: ${because}`;

const advice = (proposed: readonly Hunted[], screen: Screen): readonly string[] =>
  proposed.length === 0
    ? []
    : hang("  ", `To take it on, judge the file again: ${screen.program} check FILE`, screen.columns);

const policyLines = ({ byPolicy }: HuntResult, screen: Screen): readonly string[] =>
  byPolicy.length === 0
    ? []
    : [
        "",
        ...hang(
          "",
          `${count(byPolicy.length, "decision")} would be worse by policies that were not in force then. Nothing is recorded: ask with the policies you use, ${screen.program} hunt --policy FOLDER`,
          screen.columns,
        ),
      ];

/** After a sync: what changed, and nothing when nothing did. */
export function renderBriefHunt(result: HuntResult, screen: Screen): string {
  const isQuiet = result.recorded.length + result.proposed.length + result.byPolicy.length === 0;
  if (!isQuiet) return `\n${renderHunt({ ...result, unanswered: new Map(), unansweredCount: 0 }, screen)}`;
  return result.decisions === 0
    ? ""
    : `${count(result.decisions, "past decision")} asked again: nothing changed\n`;
}

function unansweredLines({ unanswered, unansweredCount }: HuntResult, screen: Screen): readonly string[] {
  if (unansweredCount === 0) return [];
  return [
    "",
    screen.paint(
      "bold",
      `${count(unansweredCount, "decision")} cannot be asked without the file: needs re-examination`,
    ),
    ...[...unanswered]
      .slice(0, MAX_SHOWN)
      .flatMap(([because, subjects]) => [
        ...hang("  ", shortened(printable(because), 300), screen.columns),
        ...hang("    ", namesText(subjects), screen.columns),
      ]),
  ];
}

function namesText(subjects: readonly Subject[]): string {
  const names = subjects.slice(0, MAX_NAMES).map(({ label }) => nameText(label));
  const rest = subjects.length - names.length;
  return `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const nameText = (label: string): string => shortened(printable(label), 80);
const count = (many: number, one: string): string => `${many} ${many === 1 ? one : `${one}s`}`;

export const huntDocument = (result: HuntResult) => ({
  schema: "sallyport.hunt/1",
  decisions: result.decisions,
  replaced: result.replaced,
  same: result.same,
  recorded: result.recorded.map(({ hunted, index }) => ({ ...changeOf(hunted), entry: index })),
  proposed: result.proposed.map(changeOf),
  byPolicy: result.byPolicy.map(changeOf),
  needsReexamination: {
    decisions: result.unansweredCount,
    reasons: [...result.unanswered].map(([because, subjects]) => ({
      because,
      subjects,
    })),
  },
});

const changeOf = ({ past, decision, change, news }: Hunted) => ({
  change,
  subject: decision.subject,
  before: past.decision.verdict,
  verdict: decision.verdict,
  supersedes: past.digest,
  decidedAt: past.recordedAt.toISOString(),
  reasons: decision.reasons,
  news,
});
