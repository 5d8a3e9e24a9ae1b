/** Every signature of the artifact itself, with what is known of its signer. @module */

import type { Artifact, SignatureReport } from "@sallyport/gate";
import { html, type Markup } from "./markup.ts";

export function signatureTable({ root }: Artifact): Markup | undefined {
  if (root.signatures.length === 0) return undefined;
  return html`<h2>Signatures</h2>
<div class="scroll"><table><thead><tr><th>Covers the file</th><th>Signer</th><th>How far it is believed</th><th>Made</th></tr></thead><tbody>
${root.signatures.map(signatureRow)}
</tbody></table></div>`;
}

function signatureRow({
  scheme,
  integrity,
  trust,
  because,
  signer,
  timestamp,
  digestAlgorithm,
  chain,
}: SignatureReport): Markup {
  const validity = [signer?.validFrom, signer?.validUntil]
    .map((moment) => moment?.slice(0, 10) ?? "…")
    .join(" to ");
  return html`<tr><td><span class="mark ${integrity}">${integrity}</span><br><span class="quiet">${scheme}, ${digestAlgorithm}</span></td>
<td class="name">${signer?.subject ?? "unnamed"}
<details><summary>certificate or key</summary><p class="mono">sha256:${signer?.sha256}</p><p class="mono">serial ${signer?.serial}</p>
<p>${validity}</p>${chain.slice(1).map((above) => html`<p class="quiet">below ${above.subject}</p>`)}</details></td>
<td>${trust}<br><span class="quiet">${because}</span></td>
<td>${timestamp === undefined ? "no time is proven" : `${timestamp.at} (${timestamp.kind}${timestamp.verified ? "" : ", not verified"})`}</td></tr>`;
}
