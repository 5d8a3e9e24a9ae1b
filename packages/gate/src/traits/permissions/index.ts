/** What members may do by the rights that their container gives them. @module */

import { memberKind } from "../member-kind.ts";
import type { CompareContext, Difference, Pair, Trait } from "../trait.ts";

const SETUID = 0o4000;
const SETGID = 0o2000;
const WRITABLE_BY_ALL = 0o0002;
const EXECUTABLE = 0o0111;
/** So large a part of all members changes its rights at once when a builder's own settings changed. */
const MANY = 0.3;

type Told = Difference & { readonly path: string };

export const permissions: Trait = {
  id: "permissions",
  title: "Permissions",
  question: "Which files may do more than they could before?",
  document: "stat(2); capabilities(7); MITRE ATT&CK T1548.001, T1222",
  rules: {
    "acts-for-another": "A program now acts with the rights of its owner or group.",
    capability: "A program now has capabilities of its own.",
    "writable-by-all": "A file may now be written by everybody.",
    executable: "A file that is no program may now be run.",
  },
  *compareReleases(context) {
    yield* compareIdentities(context);
    yield* compareWritable(context);
    yield* compareExecutable(context);
  },
};

const modeOf = (portrait: Pair["after"]): number | undefined => portrait?.member.attributes?.unixMode;
const gained = ({ before, after }: Pair, bits: number): number =>
  (modeOf(after) ?? 0) & ~(modeOf(before) ?? 0) & bits;

function* compareIdentities({ pairs, budget }: CompareContext): Generator<Told> {
  for (const pair of pairs) {
    budget.checkTime();
    const { before, after } = pair;
    if (after === undefined) continue;
    const { path, attributes: { capabilities } = {} } = after.member;
    const bits = gained(pair, SETUID | SETGID);
    // setgid without the right to be run by the group asks for locks on old systems, inode(7).
    const isGroup = (bits & SETGID) !== 0 && ((modeOf(after) ?? 0) & 0o010) !== 0;
    const owners = [...((bits & SETUID) !== 0 ? ["owner"] : []), ...(isGroup ? ["group"] : [])];
    if (owners.length > 0)
      yield {
        rule: "acts-for-another",
        risk: "high",
        because: `${before === undefined ? "is new and" : "now"} runs with the rights of its ${owners.join(" and ")}, whoever starts it`,
        path,
        ...excerptsOf(pair),
      };
    if (capabilities !== undefined && capabilities !== before?.member.attributes?.capabilities)
      yield {
        rule: "capability",
        risk: "high",
        because: `${before === undefined ? "is new and" : "now"} runs with capabilities, whoever starts it`,
        path,
        ...(before === undefined
          ? {}
          : { before: { text: before.member.attributes?.capabilities ?? "none" } }),
        after: { text: capabilities },
      };
  }
}

/** Zip archives made on Windows give rights that mean nothing; a release full of them is how it always was. */
function* compareWritable(context: CompareContext): Generator<Told> {
  const found = context.pairs.filter((pair) => gained(pair, WRITABLE_BY_ALL) !== 0);
  const wasUsual =
    part(context.before.members, (portrait) => ((modeOf(portrait) ?? 0) & WRITABLE_BY_ALL) !== 0) > MANY;
  const isAll = found.length > 3 && found.length > context.pairs.length * MANY;
  for (const pair of found) {
    const path = pair.after?.member.path ?? "";
    const risk = wasUsual ? "info" : isAll ? "low" : "medium";
    const because = `${pair.before === undefined ? "is new and" : "now"} can be written by everybody`;
    yield { rule: "writable-by-all", risk, because, path, ...excerptsOf(pair) };
  }
}

/** Programs that were packed without the right to be run are an oversight that updates mend. */
function* compareExecutable(context: CompareContext): Generator<Told> {
  const isKnown = ({ before }: Pair) => modeOf(before) !== undefined;
  const found = context.pairs.filter((pair) => isKnown(pair) && gained(pair, EXECUTABLE) !== 0);
  const isAll = found.length > 3 && found.length > context.pairs.length * MANY;
  for (const pair of found) {
    if (pair.after === undefined) continue;
    const { path, format } = pair.after.member;
    const risk = isAll || isProgram(format, path) ? "info" : "low";
    yield { rule: "executable", risk, because: "may now be run as a program", path, ...excerptsOf(pair) };
  }
}

const isProgram = (format: string, path: string): boolean =>
  ["native", "script"].includes(memberKind(format, path));

function excerptsOf({ before, after }: Pair): Pick<Difference, "before" | "after"> {
  const text = (portrait: Pair["after"]) => ({ text: lettersOf(modeOf(portrait)) });
  return { ...(before === undefined ? {} : { before: text(before) }), after: text(after) };
}

/** As ls(1) writes it. */
function lettersOf(mode: number | undefined): string {
  if (mode === undefined) return "no rights given";
  const letters = Array.from("rwxrwxrwx", (letter, at) => ((mode & (0o400 >> at)) === 0 ? "-" : letter));
  for (const [at, bit, plain, bare] of [
    [2, 0o4000, "s", "S"],
    [5, 0o2000, "s", "S"],
    [8, 0o1000, "t", "T"],
  ] as const)
    if ((mode & bit) !== 0) letters[at] = letters[at] === "x" ? plain : bare;
  return letters.join("");
}

const part = <Item>(all: readonly Item[], is: (one: Item) => boolean): number =>
  all.length === 0 ? 0 : all.filter(is).length / all.length;
