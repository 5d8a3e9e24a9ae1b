/** What is inside, as a tree and as a document. @module */

import type { ArtifactMember, Opening, SignatureReport } from "@sallyport/gate";
import { bytesText, hang, printable } from "./text.ts";
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
    `${screen.paint("bold", printable(subject.label))}  ${describe(artifact.root)}`,
    `sha256:${artifact.root.sha256}`,
    ...artifact.root.signatures.flatMap((signature) => hang("  ", signatureText(signature), screen.columns)),
    ...artifact.members.flatMap((member) => memberLines(member, screen)),
    ...problems.flatMap(({ path, because, outcome }) =>
      hang(
        outcome === "fail" ? "x " : "? ",
        printable(path === undefined ? because : `${path}: ${because}`),
        screen.columns,
      ),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function memberLines(member: ArtifactMember, { columns }: Screen): readonly string[] {
  const depth = member.path.split("/").length;
  const indent = "  ".repeat(Math.min(depth, 12));
  const signers = member.signatures.map(signatureText).join("; ");
  const text = `${printable(member.path)}  ${describe(member)}${signers === "" ? "" : `  ${signers}`}`;
  return hang(indent, text, columns);
}

function describe({ format, sizeBytes, identity }: ArtifactMember): string {
  const { product, version, company, architecture } = identity ?? {};
  const claims = [product, version, company, architecture].filter((claim) => claim !== undefined).join(", ");
  return printable(`${format}, ${bytesText(sizeBytes)}${claims === "" ? "" : ` (${claims})`}`);
}

const signatureText = ({ signer, trust, integrity }: SignatureReport): string =>
  printable(
    `signed by ${signer?.commonName ?? signer?.subject ?? "an unnamed signer"}: ${integrity === "pass" ? trust : "broken"}`,
  );
