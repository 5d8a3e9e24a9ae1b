/** Reasons, the evidence they rest on, and everything else that was seen. @module */

import { checkIdOf, type Decision, type Evidence, type Outcome } from "@sallyport/core";
import { type Artifact, checks } from "@sallyport/gate";
import { nextSteps } from "../next-steps.ts";
import { html, type Markup } from "./markup.ts";

/** Of each kind; the JSON document has all. */
const MOST_SHOWN = 500;
const MOST_PLACES = 20;
const WORST_FIRST: readonly Outcome[] = ["fail", "unknown", "pass"];
const MARK = { pass: "✓ pass", unknown: "? unknown", fail: "✕ fail" } as const satisfies Record<
  Outcome,
  string
>;

export const reasonCards = ({ reasons, evidence }: Decision): readonly Markup[] =>
  reasons.map(({ policy, verdict, because, evidence: indexes }) => {
    const read = indexes.flatMap((index) => evidence[index] ?? []);
    const telling = verdict === "admit" ? read : read.filter(({ outcome }) => outcome !== "pass");
    // Two signatures of one file say the same thing twice.
    const sentences = Map.groupBy(telling, ({ path, because }) => JSON.stringify([path, because]));
    const more = sentences.size - MOST_PLACES;
    return html`<div class="reason is-${verdict}"><p><strong>${because}</strong> <code class="quiet">${policy}</code></p>
<ul>${[...sentences.values()].slice(0, MOST_PLACES).map(([one]) => one && html`<li>${placeOf(one)}${one.because}</li>`)}</ul>
${more > 0 ? html`<p class="quiet">and ${more} more below</p>` : undefined}</div>`;
  });

export function nextStepList(artifact: Artifact, decision: Decision): Markup | undefined {
  const steps = nextSteps(artifact, decision);
  const despite =
    decision.verdict === "admit" ? decision.evidence.filter(({ outcome }) => outcome !== "pass") : [];
  if (steps.length + despite.length === 0) return undefined;
  return html`<h2>${steps.length > 0 ? "What next" : "Despite"}</h2>
<ul>${steps.map((step) => html`<li>${step.text}${step.commands?.map((command) => html`<br><code>sallyport ${command}</code>`)}</li>`)}
${despite.slice(0, MOST_PLACES).map((one) => html`<li>${placeOf(one)}${one.because}</li>`)}</ul>`;
}

export function evidenceTable({ evidence }: Decision): Markup {
  const ordered = evidence.toSorted(
    (a, b) => WORST_FIRST.indexOf(a.outcome) - WORST_FIRST.indexOf(b.outcome),
  );
  const more = ordered.length - MOST_SHOWN;
  return html`<div class="scroll"><table><thead><tr><th>Outcome</th><th>Check</th><th>Seen</th></tr></thead><tbody>
${ordered.slice(0, MOST_SHOWN).map(evidenceRow)}
</tbody></table></div>
${more > 0 ? html`<p class="quiet">${more} more; the JSON document has all.</p>` : undefined}`;
}

function evidenceRow(one: Evidence): Markup {
  const id = checkIdOf(one.source);
  const facts = JSON.stringify(one.facts);
  return html`<tr><td><span class="mark ${one.outcome}">${MARK[one.outcome]}</span></td>
<td class="short" title="${checks.find((check) => check.id === id)?.question}"><code>${id}</code></td>
<td class="name">${placeOf(one)}${one.because}
${facts === "{}" ? undefined : html`<details><summary>facts</summary><code>${facts}</code></details>`}</td></tr>`;
}

const placeOf = ({ path }: Evidence): Markup | undefined =>
  path === undefined ? undefined : html`<code>${path}</code>: `;

export function notCheckedTable({ notChecked }: Decision): Markup | undefined {
  if (notChecked.length === 0) return undefined;
  return html`<h2>What was not checked</h2><div class="scroll"><table><tbody>
${notChecked.map(
  ({ source, because }) =>
    html`<tr><th scope="row"><code>${checkIdOf(source)}</code></th><td class="name">${because}</td></tr>`,
)}
</tbody></table></div>`;
}
