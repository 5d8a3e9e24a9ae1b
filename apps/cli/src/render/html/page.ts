/**
 * The verdict as one page for a reviewer: it needs nothing from anywhere, runs no script but the search over differences, and everything a file says
 * of itself is text on it.
 * @module
 */

import { type Verdict, worseVerdict } from "@sallyport/core";
import type { Judgement } from "../../judge.ts";
import { differenceSection } from "./differences.ts";
import { evidenceTable, nextStepList, notCheckedTable, reasonCards } from "./evidence.ts";
import { html, type Markup } from "./markup.ts";
import { membersTable } from "./members.ts";
import { SEARCH } from "./search.ts";
import { renderShell } from "./shell.ts";
import { signatureTable } from "./signatures.ts";
import { replayTable, titleOf } from "./subject.ts";

export function renderPage(judgements: readonly Judgement[]): string {
  const verdict = judgements.map(({ decision }) => decision.verdict).reduce<Verdict>(worseVerdict, "admit");
  const [only, second] = judgements;
  const what = second === undefined ? (only?.decision.subject.label ?? "") : `${judgements.length} files`;
  const compares = judgements.some(({ baseline }) => baseline !== undefined);
  return renderShell({
    title: `${verdict}: ${what}`,
    body: html`${second === undefined ? undefined : summary(judgements, verdict)}
${judgements.map(article)}`,
    footer:
      "A signature says who, not whether. What others can verify is the receipt that check --receipt writes, not this page.",
    ...(compares && { script: SEARCH }),
  });
}

const article = ({ artifact, baseline, decision, receipt }: Judgement, index: number): Markup => html`
<article id="file-${index}">
${titleOf(artifact, decision)}
<h2>Why</h2>
${reasonCards(decision)}
${nextStepList(artifact, decision)}
${baseline === undefined ? undefined : differenceSection(baseline.comparison, `What changed since ${baseline.label}`)}
${signatureTable(artifact)}
${membersTable(artifact, decision)}
<h2>What was seen</h2>
${evidenceTable(decision)}
${notCheckedTable(decision)}
<h2>How to reach this verdict again</h2>
${replayTable(decision, receipt)}
</article>`;

const summary = (judgements: readonly Judgement[], verdict: Verdict): Markup => html`
<div class="head"><span class="verdict ${verdict}">${verdict}</span><div><h1>${judgements.length} files</h1>
<p class="quiet">The worst verdict stands for all.</p></div></div>
<h2>Files</h2>
<div class="scroll"><table><thead><tr><th>Verdict</th><th>File</th><th>First reason</th></tr></thead><tbody>
${judgements.map(
  ({ decision }, index) =>
    html`<tr><td><span class="mark ${MARK[decision.verdict]}">${decision.verdict}</span></td>
<td class="name"><a href="#file-${index}">${decision.subject.label}</a></td><td>${decision.reasons[0]?.because}</td></tr>`,
)}
</tbody></table></div>`;

const MARK = { admit: "pass", hold: "unknown", refuse: "fail" } as const satisfies Record<Verdict, string>;
