/** What is known of an artifact and of what is inside it, as text and as a document. @module */

import type { KnownTwin, Opening, TwinExplanation, TwinShare } from "@sallyport/gate";
import { hang, printable, shortened } from "./text.ts";
import type { Screen } from "./verdict.ts";

const SHOWN_TWINS = 5;
const SHOWN_MEMBERS = 200;

export function twinsOfDocument({ subject }: Opening, { problems, members }: TwinExplanation) {
  return {
    schema: "sallyport.twins-of/1",
    subject,
    problems,
    members: members.map(({ path, sha256, known }) => ({
      path,
      sha256,
      known: known.map(({ file, shares, isAnchored }) => ({ shares, isAnchored, ...file })),
    })),
  } as const;
}

export function renderTwins(
  { subject }: Opening,
  { problems, members }: TwinExplanation,
  screen: Screen,
): string {
  const { paint, columns } = screen;
  const shown = members.slice(0, SHOWN_MEMBERS);
  const lines = [
    `${paint("bold", nameText(subject.label))}  ${members.length === 0 ? "nothing is known of it or of what is inside" : `${members.length} ${members.length === 1 ? "file is" : "files are"} known`}`,
    ...problems.flatMap(({ path, because }) =>
      hang("x ", `${nameOf(path, subject.label)}: ${printable(because)}`, columns),
    ),
    ...shown.flatMap(({ path, known }) => [
      "",
      nameOf(path, subject.label),
      ...known.slice(0, SHOWN_TWINS).flatMap((twin) => twinLines(twin, columns)),
      ...(known.length > SHOWN_TWINS ? [`  and ${known.length - SHOWN_TWINS} more (--json)`] : []),
    ]),
    ...(members.length > shown.length
      ? ["", `and ${members.length - shown.length} more files (--json)`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

function twinLines({ file, shares, isAnchored }: KnownTwin, columns: number): readonly string[] {
  const { signatures, sightings, sha256 } = file;
  const signers = [...new Set(signatures.filter(({ isProven }) => isProven).map(({ signer }) => signer))];
  const by = signers.length === 0 ? "no proven signature" : `signed by ${signers.join(" and ")}`;
  const relied = isAnchored ? "; it can be relied on" : "";
  return [
    ...hang("  ", `${shares.map((share) => SHARES[share]).join(", ")}; ${nameText(by)}${relied}`, columns),
    ...hang("    ", `sha256:${sha256}`, columns),
    ...sightings.slice(0, SHOWN_TWINS).flatMap(({ label, path, standing, culprit, seenAt, source }) => {
      const place = path === "" ? label : `${label}/${path}`;
      const why = culprit === undefined ? "" : `, because of it: ${culprit}`;
      const told = source === "" ? "" : `, as ${source.slice(0, 16)}… tells`;
      const text = `in ${nameText(place)}, ${standing} on ${seenAt.toISOString().slice(0, 10)}${shortened(printable(why), 200)}${told}`;
      return hang("    ", text, columns);
    }),
  ];
}

const SHARES: Readonly<Record<TwinShare, string>> = {
  bytes: "the same bytes",
  "signed-content": "the same signed content",
  build: "the same build by its id",
  code: "the same code",
  name: "the same claimed name and version",
};

const nameText = (text: string): string => shortened(printable(text), 160);
const nameOf = (path: string, label: string): string => nameText(path === "" ? label : path);
