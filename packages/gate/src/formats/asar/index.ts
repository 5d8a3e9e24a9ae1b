/**
 * asar archives of Electron applications. Read here and not by a library: those that exist believe sizes, offsets and
 * hashes. Sources: @electron/asar README, "Format"; Chromium, base/pickle.h; Electron, "ASAR Integrity".
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import { judgeHardLinkTarget, judgeMemberName, type NameProblem } from "../../member-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { attributesOf } from "../member-attributes.ts";
import { type AsarEntry, readEntries } from "./entries.ts";
import { type AsarHeader, hasHonestPrefix, PREFIX_BYTES, readHeader } from "./header.ts";
import { checkedContent } from "./integrity.ts";
import { reportLayout } from "./layout.ts";

const TABLE = '{"files":';

export const asar: Format = {
  id: "asar",
  title: "Electron archive (asar)",
  document: "@electron/asar README, Format; Chromium, base/pickle.h",
  recognise,
  open,
};

/** Two pickles: the first holds the size of the second, which holds a text that is JSON. */
function recognise({ head }: Glimpse): boolean {
  if (head.length <= PREFIX_BYTES || head[PREFIX_BYTES] !== 0x7b) return false;
  // A table in the usual spelling is one even when the numbers before it lie.
  return (
    head.toString("latin1", PREFIX_BYTES, PREFIX_BYTES + TABLE.length) === TABLE || hasHonestPrefix(head)
  );
}

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const header = await readHeader(source, context);
  context.claimIdentity({ buildId: header.hash });
  const entries = readEntries(header.json, context);
  reportLayout(entries, { start: header.endBytes, end: source.sizeBytes }, context);
  for (const entry of entries) {
    judge(entry, context);
    if (entry.kind === "packed") yield memberOf(source, header, { entry, context });
    else context.budget.spendEntry();
  }
}

function judge(entry: AsarEntry, context: OpenContext): void {
  const report = (problem: NameProblem | undefined): void => {
    if (problem === undefined) return;
    const { because, escapes } = problem;
    context.report({
      check: "member-names",
      outcome: "fail",
      because,
      facts: { escapes },
      member: entry.name,
    });
  };
  const problem = judgeMemberName(entry.name);
  report(problem && { ...problem, because: `name ${problem.because}` });
  // A link's target counts from the archive's root, as that of a hard link in a tar does.
  if (entry.kind === "link") report(judgeHardLinkTarget(entry.linkTarget));
}

function memberOf(
  source: ByteSource,
  header: AsarHeader,
  { entry, context }: { entry: AsarEntry & { kind: "packed" }; context: OpenContext },
): Member {
  const { name, sizeBytes } = entry;
  return {
    name: context.memberNames?.get(name) ?? name,
    claimedBytes: sizeBytes,
    ...attributesOf({ mode: entry.isExecutable ? 0o755 : 0o644 }),
    content: () => {
      const start = header.endBytes + entry.offset;
      if (start + sizeBytes > source.sizeBytes)
        throw new ArtifactError("artifact.truncated", "it reaches past the end of the archive");
      return checkedContent(source.stream(start, sizeBytes), entry, context);
    },
  };
}
