/** What is inside, as a tree and as a document. @module */

import type { ArtifactMember, Opening, SignatureReport } from "@sallyport/gate";
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
    ...artifact.members.flatMap((member) => memberLines(member, screen)),
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

function memberLines(member: ArtifactMember, { columns }: Screen): readonly string[] {
  const depth = member.path.split("/").length;
  const indent = "  ".repeat(Math.min(depth, 12));
  const signers = member.signatures.map(signatureText).join("; ");
  const text = `${nameText(member.path)}  ${describe(member)}${signers === "" ? "" : `  ${signers}`}`;
  return hang(indent, text, columns);
}

function describe({ format, sizeBytes, identity }: ArtifactMember): string {
  const { product, version, company, architecture } = identity ?? {};
  const claims = [product, version, company, architecture].filter((claim) => claim !== undefined).join(", ");
  return `${format}, ${bytesText(sizeBytes)}${claims === "" ? "" : ` (${nameText(claims)})`}`;
}

const signatureText = ({ signer, trust, integrity }: SignatureReport): string =>
  `signed by ${nameText(signer?.commonName ?? signer?.subject ?? "an unnamed signer")}: ${integrity === "pass" ? trust : "broken"}`;
