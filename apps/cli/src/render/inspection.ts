/** What is inside, as a tree and as a document. @module */

import type { ArtifactMember, Opening, SignatureReport } from "@sallyport/gate";
import { type MemberNode, memberTree } from "./member-tree.ts";
import { bytesText, hang, printable, shortened } from "./text.ts";
import type { Screen } from "./verdict.ts";

export function inspectionDocument({ subject, artifact, evidence, notChecked }: Opening) {
  return {
    schema: "sallyport.inspection/1",
    subject,
    artifact: artifact.root,
    members: artifact.members,
    evidence,
    notChecked,
  } as const;
}

export function renderInspection({ subject, artifact, evidence }: Opening, screen: Screen): string {
  const problems = evidence.filter(({ outcome }) => outcome !== "pass");
  const lines = [
    `${screen.paint("bold", nameText(subject.label))}  ${describe(artifact.root)}`,
    `sha256:${artifact.root.sha256}`,
    ...artifact.root.signatures.flatMap((signature) => hang("  ", signatureText(signature), screen.columns)),
    ...treeLines(memberTree(artifact.members), "", screen),
    ...problems.flatMap(({ path, because, outcome }) =>
      hang(
        outcome === "fail" ? "x " : "? ",
        shortened(printable(path === undefined ? because : `${nameText(path)}: ${because}`), MAX_TEXT_LENGTH),
        screen.columns,
      ),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** Names and claims come from the file; nobody reads more of them than this. */
const MAX_NAME_LENGTH = 160;
const MAX_TEXT_LENGTH = 400;
const nameText = (text: string): string => shortened(printable(text), MAX_NAME_LENGTH);

/** Drawn as tree(1) does. Below this depth nothing is indented further: the name says where it is. */
const DEEPEST_INDENT = 12;

function treeLines(nodes: readonly MemberNode[], indent: string, screen: Screen): readonly string[] {
  return nodes.flatMap(({ name, member, children }, index) => {
    const isLast = index === nodes.length - 1;
    const below = indent.length < DEEPEST_INDENT * 3 ? `${indent}${isLast ? "   " : "│  "}` : indent;
    const continued = `${below}${children.length > 0 ? "│  " : "   "}`;
    const first = `${indent}${isLast ? "└─ " : "├─ "}`;
    return [
      ...hang(first, `${nameText(name)}  ${describe(member)}`, screen.columns, continued),
      ...member.signatures.flatMap((signature) =>
        hang(continued, signatureText(signature), screen.columns, continued),
      ),
      ...treeLines(children, below, screen),
    ];
  });
}

function describe({ format, sizeBytes, identity, attributes }: ArtifactMember): string {
  if (attributes?.linkTarget !== undefined) return `link to ${nameText(attributes.linkTarget)}`;
  const { product, version, company, architecture } = identity ?? {};
  const claims = [product, version, company, architecture].filter((claim) => claim !== undefined).join(", ");
  return `${format}, ${bytesText(sizeBytes)}${claims === "" ? "" : ` (${nameText(claims)})`}`;
}

const signatureText = ({ signer, trust, integrity }: SignatureReport): string =>
  `signed by ${nameText(signer?.commonName ?? signer?.subject ?? "an unnamed signer")}: ${integrity === "fail" ? "broken" : trust}`;
