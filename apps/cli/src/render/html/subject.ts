/** Which file it is, and what the decision depended on. @module */

import type { Decision, Receipt } from "@sallyport/core";
import type { Artifact } from "@sallyport/gate";
import { summarise } from "../artifact-summary.ts";
import { bytesText } from "../text.ts";
import { signedText } from "../verdict.ts";
import { html, type Markup } from "./markup.ts";

export function titleOf(artifact: Artifact, { verdict, subject }: Decision): Markup {
  const { format, sizeBytes, product, version, signers } = summarise(artifact);
  const claims = [
    format,
    bytesText(sizeBytes),
    ...(artifact.members.length > 0 ? [`${artifact.members.length} inside`] : []),
    ...(product === undefined ? [] : [[product, version].filter(Boolean).join(" ")]),
    signedText(artifact, signers),
  ];
  return html`<div class="head"><span class="verdict ${verdict}">${verdict}</span><div>
<h1>${subject.label}</h1>
<p>${claims.join(" · ")}</p>
<p class="mono quiet">sha256:${artifact.root.sha256}</p></div></div>`;
}

export function replayTable({ replay }: Decision, receipt: Receipt): Markup {
  const rows: readonly (readonly [string, string])[] = [
    ["Judged at", replay.now],
    ["Policies (SHA-256)", replay.policyHash],
    ...(replay.withoutDefaults.length > 0
      ? ([["Default policies switched off", replay.withoutDefaults.join(", ")]] as const)
      : []),
    ["Trust anchors (SHA-256)", replay.anchorSetHash],
    ["Version", replay.engineVersion],
    ["Receipt", `entry ${receipt.log.index} of ${receipt.log.origin}`],
  ];
  return html`<div class="scroll"><table><tbody>
${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="name mono">${value}</td></tr>`)}
</tbody></table></div>`;
}
