/** What changed between two releases as one page: it needs nothing from anywhere, and what files say is text on it. @module */

import type { Evidence } from "@sallyport/core";
import type { Compared, Opening } from "@sallyport/gate";
import { summarise } from "../artifact-summary.ts";
import { bytesText } from "../text.ts";
import { signedText } from "../verdict.ts";
import { differenceSection } from "./differences.ts";
import { html, type Markup } from "./markup.ts";
import { SEARCH } from "./search.ts";
import { renderShell } from "./shell.ts";

export function renderDiffPage({ before, after, comparison }: Compared, faults: readonly Evidence[]): string {
  return renderShell({
    title: `What changed from ${before.subject.label} to ${after.subject.label}`,
    body: html`<h1>From ${before.subject.label} to ${after.subject.label}</h1>
<div class="sides">${release("Old", before)}${release("New", after)}</div>
${faults.length > 0 ? faultList(faults) : undefined}
${differenceSection(comparison, "What changed")}`,
    footer:
      "It compares and judges nothing; check --baseline judges, and writes a receipt that others can verify.",
    script: SEARCH,
  });
}

const faultList = (faults: readonly Evidence[]): Markup =>
  html`<div class="reason is-refuse"><p><strong>Wrong with the new one, and not with the old one</strong></p><ul>
${faults.slice(0, MOST_FAULTS).map(({ path, because }) => html`<li>${path === undefined ? undefined : html`<code>${path}</code>: `}${because}</li>`)}
</ul>${faults.length > MOST_FAULTS ? html`<p class="quiet">and ${faults.length - MOST_FAULTS} more</p>` : undefined}</div>`;

const MOST_FAULTS = 50;

function release(name: string, { subject, artifact }: Opening): Markup {
  const { format, sizeBytes, product, version, signers } = summarise(artifact);
  const claims = [format, bytesText(sizeBytes), [product, version].filter(Boolean).join(" ")];
  return html`<div class="reason"><p><span class="quiet">${name}</span> <strong>${subject.label}</strong></p>
<p>${[...claims, signedText(artifact, signers)].filter((claim) => claim !== "").join(" · ")}</p>
<p class="mono quiet">sha256:${artifact.root.sha256}</p></div>`;
}
