/** What asking again brought, for people and as JSON. @module */

import type { Evidence } from "@sallyport/core";
import type { HuntResult, Listing, Told, Unanswered } from "../hunt-tally.ts";
import { counted, hang, printable, shortened } from "./text.ts";
import type { Screen } from "./verdict.ts";

/** More of a kind are counted only. */
const MAX_SHOWN = 20;
const MAX_NAMES = 3;

export function renderHunt(result: HuntResult, screen: Screen): string {
  const { worse, released, proposed } = result;
  const lines = [
    `${counted(result.decisions, "past decision")} asked again: ${result.same} stay, ${worse.count} became worse, ${proposed.count} could be better`,
    ...section("Became worse, and recorded", worse, screen),
    ...section("Waited long enough, and recorded", released, screen),
    ...section("Could be better: a person decides", proposed, screen),
    ...advice(proposed, screen),
    ...policyLines(result, screen),
    ...missingLines(result, screen),
    ...unansweredLines(result, screen),
  ];
  return `${lines.join("\n")}\n`;
}

function section(title: string, { count: many, told }: Listing, screen: Screen): readonly string[] {
  if (many === 0) return [];
  const rest = many - Math.min(told.length, MAX_SHOWN);
  return [
    "",
    screen.paint("bold", title),
    ...told.slice(0, MAX_SHOWN).flatMap((one) => oneLines(one, screen)),
    ...(rest > 0 ? [`  and ${rest} more: hunt --json lists up to a thousand`] : []),
  ];
}

function oneLines(told: Told, screen: Screen): readonly string[] {
  const { before, verdict, subject, decidedAt } = told;
  const verdicts = `${before.toUpperCase()} → ${verdict.toUpperCase()}`;
  const head = `${verdicts}  ${nameText(subject.label)}, decided ${decidedAt.toISOString().slice(0, 10)}`;
  const [first] = tellingOf(told);
  return [
    ...hang("  ", head, screen.columns),
    ...(first === undefined ? [] : hang("    ", shortened(printable(first), 400), screen.columns)),
  ];
}

/** What was seen now, else what the policies say of what stood there all along. */
function tellingOf({ reasons, news }: Told): readonly string[] {
  const bad = news.filter(({ outcome }) => outcome !== "pass").map(sentenceOf);
  return bad.length > 0 ? bad : reasons.map(({ because }) => because);
}

const sentenceOf = ({ path, because }: Evidence): string =>
  path === undefined ? because : `${path}: ${because}`;

const advice = (proposed: Listing, screen: Screen): readonly string[] =>
  proposed.count === 0
    ? []
    : hang("  ", `To take it on, judge the file again: ${screen.program} check FILE`, screen.columns);

const policyLines = ({ byPolicy }: HuntResult, screen: Screen): readonly string[] =>
  byPolicy.count === 0
    ? []
    : [
        "",
        ...hang(
          "",
          `${counted(byPolicy.count, "decision")} would get another verdict only because today's policies are not those of then. Nothing is recorded: ask with the policies you use, ${screen.program} hunt --policy FOLDER`,
          screen.columns,
        ),
      ];

/** What these policies would refuse is missed. */
function missingLines({ withoutTheirPolicies }: HuntResult, screen: Screen): readonly string[] {
  const { decisions, policies } = withoutTheirPolicies;
  if (decisions === 0) return [];
  const [names, rest] = [[...policies].slice(0, MAX_NAMES), policies.size - MAX_NAMES];
  const named = `${names.map(nameText).join(", ")}${rest > 0 ? " and others" : ""}`;
  const were = decisions === 1 ? "was" : "were";
  return [
    "",
    ...hang(
      "",
      `${counted(decisions, "decision")} ${were} made with policies of yours that were not given now (${named}): what these say today was not asked. Give them: ${screen.program} hunt --policy FOLDER`,
      screen.columns,
    ),
  ];
}

/** After a sync: what changed, and nothing when nothing did. */
export function renderBriefHunt(result: HuntResult, screen: Screen): string {
  const { worse, released, proposed, byPolicy, decisions } = result;
  const isQuiet = worse.count + released.count + proposed.count + byPolicy.count === 0;
  if (!isQuiet) return `\n${renderHunt({ ...result, unanswered: new Map(), unansweredCount: 0 }, screen)}`;
  if (decisions === 0) return "";
  const lines = [
    `${counted(decisions, "past decision")} asked again: nothing changed`,
    ...missingLines(result, screen),
  ];
  return `${lines.join("\n")}\n`;
}

function unansweredLines({ unanswered, unansweredCount }: HuntResult, screen: Screen): readonly string[] {
  if (unansweredCount === 0) return [];
  return [
    "",
    screen.paint(
      "bold",
      `${counted(unansweredCount, "decision")} cannot be asked without the file: needs re-examination`,
    ),
    ...[...unanswered]
      .slice(0, MAX_SHOWN)
      .flatMap(([because, decisions]) => [
        ...hang("  ", shortened(printable(because), 300), screen.columns),
        ...hang("    ", namesText(decisions), screen.columns),
      ]),
  ];
}

function namesText({ count: many, subjects }: Unanswered): string {
  const names = subjects.slice(0, MAX_NAMES).map(({ label }) => nameText(label));
  const rest = many - names.length;
  return `${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const nameText = (label: string): string => shortened(printable(label), 80);
export const huntDocument = (result: HuntResult) => ({
  schema: "sallyport.hunt/1",
  decisions: result.decisions,
  replaced: result.replaced,
  same: result.same,
  counts: {
    recorded: result.worse.count + result.released.count,
    proposed: result.proposed.count,
    byPolicy: result.byPolicy.count,
  },
  recorded: [...result.worse.told, ...result.released.told].map(changeOf),
  proposed: result.proposed.told.map(changeOf),
  byPolicy: result.byPolicy.told.map(changeOf),
  withoutTheirPolicies: {
    decisions: result.withoutTheirPolicies.decisions,
    policies: [...result.withoutTheirPolicies.policies],
  },
  needsReexamination: {
    decisions: result.unansweredCount,
    reasons: [...result.unanswered].map(([because, { count: decisions, subjects }]) => ({
      because,
      decisions,
      subjects,
    })),
  },
});

const changeOf = ({ decidedAt, entry, ...told }: Told) => ({
  ...told,
  decidedAt: decidedAt.toISOString(),
  ...(entry !== undefined && { entry }),
});
