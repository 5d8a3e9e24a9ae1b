/** What is inside, as a tree in a table: name, format, size, what it claims, who signed it, its hash. @module */

import type { Decision, Outcome } from "@sallyport/core";
import { type Artifact, TRUSTED } from "@sallyport/gate";
import { type MemberNode, memberTree } from "../member-tree.ts";
import { bytesText } from "../text.ts";
import { html, type Markup } from "./markup.ts";

/** A page with more rows is read by nobody, and stops browsers. */
const MOST_ROWS = 2000;

export function membersTable({ members }: Artifact, { evidence }: Decision): Markup | undefined {
  if (members.length === 0) return undefined;
  const worst = new Map<string, Outcome>();
  for (const { path, outcome } of evidence)
    if (path !== undefined && outcome !== "pass" && worst.get(path) !== "fail") worst.set(path, outcome);
  const rows = flatten(memberTree(members), 0, []);
  const more = members.length - rows.length;
  const hasProblem = rows.some(({ node }) => worst.has(node.member.path));
  return html`<h2>What is inside</h2>
<details ${rows.length <= 60 || hasProblem ? "open" : ""}><summary>${members.length} members</summary>
<div class="scroll"><table><thead><tr><th>Name</th><th>Format</th><th>Size</th><th>Claims and signers</th><th>SHA-256</th></tr></thead><tbody>
${rows.map((row) => memberRow(row, worst.get(row.node.member.path)))}
</tbody></table></div>
${more > 0 ? html`<p class="quiet">${more} more; the JSON document of inspect has all.</p>` : undefined}</details>`;
}

interface Row {
  readonly node: MemberNode;
  readonly depth: number;
}

function flatten(nodes: readonly MemberNode[], depth: number, rows: Row[]): readonly Row[] {
  for (const node of nodes) {
    if (rows.length >= MOST_ROWS) break;
    rows.push({ node, depth });
    flatten(node.children, depth + 1, rows);
  }
  return rows;
}

function memberRow({ node, depth }: Row, problem: Outcome | undefined): Markup {
  const { format, sizeBytes, identity, signatures, sha256 } = node.member;
  const claims = [identity?.product, identity?.version, identity?.company].filter(
    (claim) => claim !== undefined,
  );
  return html`<tr><td class="name"><span class="step" aria-hidden="true">${"· ".repeat(Math.min(depth, 12))}</span>${node.name}
${problem === undefined ? undefined : html` <span class="mark ${problem}">${problem}</span>`}</td>
<td>${format}</td><td class="number">${bytesText(sizeBytes)}</td>
<td class="name">${claims.join(", ")}${signatures.map(
    ({ signer, trust, integrity }) =>
      html`<br><span class="mark ${integrity === "pass" && TRUSTED.has(trust) ? "pass" : "unknown"}">signed</span> ${signer?.commonName ?? signer?.subject ?? "unnamed"}: ${integrity === "pass" ? trust : integrity}`,
  )}</td>
<td class="mono short" title="${sha256}">${sha256.slice(0, 12)}…</td></tr>`;
}
