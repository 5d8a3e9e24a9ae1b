/** What changed between two releases: the grave first, with what was there and what is; the ordinary folded away. @module */

import type { Comparison, Excerpt, FoundDifference, Risk } from "@sallyport/gate";
import { html, type Markup } from "./markup.ts";

/** Of one risk; the JSON document has all. */
const MOST_SHOWN = 500;
const MOST_PATHS = 20;
const RISKS: readonly Risk[] = ["critical", "high", "medium", "low", "info"];
const SAYS: Readonly<Record<Risk, string>> = {
  critical: "no ordinary release does this",
  high: "an ordinary release hardly does this",
  medium: "worth a reviewer's look",
  low: "worth a look",
  info: "what an ordinary update brings",
};
const LIST = "differences";

export function differenceSection(comparison: Comparison, title: string): Markup {
  const { differences, notCompared, counts, sameProduct } = comparison;
  const { changed, added, removed, unchanged } = counts;
  return html`<h2>${title}</h2>
<p>${changed} changed · ${added} added · ${removed} removed · ${unchanged} unchanged</p>
${sameProduct === false ? html`<p class="mark unknown">These do not claim to be releases of one product.</p>` : undefined}
${differences.length > 10 ? searchBox() : undefined}
<div id="${LIST}">
${notCompared.length > 0 ? blindSpots(notCompared) : undefined}
${RISKS.map((risk) => group(risk, differences))}
</div>
${differences.length + notCompared.length === 0 ? html`<p>${changed + added + removed === 0 ? "Nothing: every file inside has the same bytes." : "Nothing that anything here looks at."}</p>` : undefined}`;
}

const searchBox = (): Markup =>
  html`<p class="search" data-search="${LIST}" hidden><label>Search <input type="search"></label> <output></output></p>`;

const blindSpots = (notCompared: Comparison["notCompared"]): Markup =>
  html`<div class="reason is-hold"><p><strong>Not compared, and so may hide anything</strong></p><ul>
${notCompared.map(({ path, because }) => html`<li data-entry>${path === "" ? undefined : html`<code>${path}</code>: `}${because}</li>`)}
</ul></div>`;

function group(risk: Risk, differences: readonly FoundDifference[]): Markup | undefined {
  const found = differences.filter((one) => one.risk === risk);
  if (found.length === 0) return undefined;
  const more = found.length - MOST_SHOWN;
  return html`<details class="risk" ${risk === "info" ? "" : "open"}><summary><span class="mark ${MARK[risk]}">${found.length} ${risk}</span> <span class="quiet">${SAYS[risk]}</span></summary>
${found.slice(0, MOST_SHOWN).map(card)}
${more > 0 ? html`<p class="quiet">${more} more; the JSON document has all.</p>` : undefined}</details>`;
}

const MARK = {
  critical: "fail",
  high: "fail",
  medium: "unknown",
  low: "unknown",
  info: "quiet",
} as const satisfies Record<Risk, string>;

const EDGE = {
  critical: "is-refuse",
  high: "is-refuse",
  medium: "is-hold",
  low: "is-hold",
  info: "",
} as const satisfies Record<Risk, string>;

function card(one: FoundDifference): Markup {
  const { trait, rule, risk, because, path, oldPath, paths = [], memberCount, before, after } = one;
  return html`<div class="reason ${EDGE[risk]}" data-entry><p><strong>${because}</strong> <code class="quiet">${trait}/${rule}</code></p>
<p><code>${path === "" ? "the artifact itself" : path}</code>${oldPath === undefined ? undefined : html` <span class="quiet">was</span> <code>${oldPath}</code>`}</p>
${memberCount > 1 ? html`<details><summary>and ${memberCount - 1} more files</summary><ul>${paths.slice(1, MOST_PATHS).map((other) => html`<li><code>${other}</code></li>`)}</ul></details>` : undefined}
${before === undefined && after === undefined ? undefined : html`<div class="sides">${side("before", before)}${side("after", after)}</div>`}</div>`;
}

function side(name: string, excerpt: Excerpt | undefined): Markup | undefined {
  const { offsetBytes, hex, text } = excerpt ?? {};
  if ((text ?? hex ?? "") === "") return undefined;
  const place = offsetBytes === undefined ? "" : ` at byte ${offsetBytes} (0x${offsetBytes.toString(16)})`;
  // Line ends stay line ends: every line is made printable for itself.
  const lines = (text ?? hex?.replace(/(..)/g, "$1 ") ?? "").split("\n");
  return html`<figure><figcaption class="quiet">${name}${place}</figcaption><pre>${lines.map((line) => html`<span class="${LINE[line[0] ?? ""] ?? "same"}">${line}</span>`)}</pre></figure>`;
}

/** Lines of a hunk. */
const LINE: Readonly<Record<string, string>> = { "+": "line-added", "-": "line-removed", "@": "quiet" };
