/**
 * Marks of the tools and the machine that built an executable. They change with the tools, all at once and seldom; that
 * one file of a product is suddenly made by others, or on somebody's desk, is worth a look.
 * @module
 */

import { inWords, listed, sides } from "../executable/comparing.ts";
import type { BuildMark, ExecutableFacts } from "../executable/facts.ts";
import { type ExecutablePair, executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Trait } from "../trait.ts";
import { toolsOf } from "./tools.ts";

export const buildMarks: Trait = defineTrait({
  id: "build-marks",
  title: "Marks of the build",
  question: "Was it built with other tools, or in another place?",
  document:
    "Microsoft, PE Format; Rich header (G. Webster et al., DIMVA 2017); GCC and LLVM, .comment; Apple, LC_BUILD_VERSION",
  rules: {
    "tools-replaced": "None of the tools that built the release before were used.",
    "tools-changed": "Other versions of tools were used.",
    "built-in-home": "It was built in somebody's own folder, and was not before.",
    "protection-dropped": "The system is no longer asked to guard it as it did.",
    "link-id-gone": "It no longer says which run of the linker made it.",
    "linked-earlier": "It was linked before the release before was.",
    "unreadable-part": "A part cannot be read as its format promises, and could be before.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    if (executables === undefined) return;
    yield* compareTools(executables);
    yield* comparePlace(executables);
    yield* compareProtections(executables);
    yield* compareLink(executables);
    yield* compareReadable(executables);
  },
});

const marks = ({ buildMarks: all }: ExecutableFacts, mark: BuildMark): readonly string[] => all[mark] ?? [];

function* compareTools({ before, after }: ExecutablePair): Generator<Difference> {
  const [old, now] = [toolsOf(before), toolsOf(after)];
  const texts = { before: listed(toolTexts(before)), after: listed(toolTexts(after)) };
  const excerpts = sides(texts.before, texts.after);
  if (old.length > 0 && now.length > 0 && !now.some((tool) => old.includes(tool)))
    yield {
      rule: "tools-replaced",
      risk: "medium",
      because: `was made with ${now.join(" and ")}, not with ${old.join(" and ")} as before`,
      ...excerpts,
    };
  else if (texts.before.text !== texts.after.text)
    yield {
      rule: "tools-changed",
      risk: "info",
      because: "was made with other versions of its tools",
      ...excerpts,
    };
}

const toolTexts = (facts: ExecutableFacts): string[] =>
  [...marks(facts, "linker"), ...marks(facts, "compiler"), ...marks(facts, "platform")].sort();

/** Profiles, desktops and temporary folders, on three systems. Machines that build have folders of their own. */
const HOME = /[\\/](?:desktop|downloads|documents|onedrive[^\\/]*|temp|tmp|dropbox)[\\/]/i;

function* comparePlace({ before, after }: ExecutablePair): Generator<Difference> {
  const [old, now] = [marks(before, "build-path"), marks(after, "build-path")];
  const home = now.find((path) => HOME.test(path));
  if (home !== undefined && old.length > 0 && !old.some((path) => HOME.test(path)))
    yield {
      rule: "built-in-home",
      risk: "medium",
      because: "was built in somebody's own folder, which it was not before",
      before: listed(old),
      after: { text: home },
    };
}

/** Who patches a program has it easier when it always lies at one address, or all its memory can be run. */
function* compareProtections({ before, after }: ExecutablePair): Generator<Difference> {
  const now = marks(after, "protections");
  const dropped = marks(before, "protections").filter((protection) => !now.includes(protection));
  if (dropped.length > 0)
    yield {
      rule: "protection-dropped",
      risk: dropped.some((protection) => STRONG.has(protection)) ? "medium" : "low",
      because: `no longer asks the system to guard it by ${inWords(dropped)}`,
    };
}

const STRONG: ReadonlySet<string> = new Set(["aslr", "nx"]);

const HALF_YEAR_SECONDS = 15_778_800;
const YEAR_2000 = 946_684_800;

function* compareLink({ before, after }: ExecutablePair): Generator<Difference> {
  if (before.linkId !== undefined && after.linkId === undefined)
    yield {
      rule: "link-id-gone",
      risk: "low",
      because: "no longer says which run of the linker made it",
      before: { text: before.linkId },
    };
  const [old = 0, now = 0] = [before.linkedAt, after.linkedAt];
  // Reproducible builds put a hash here: only both of them in order and not too far apart are times.
  if (old > now && now > YEAR_2000 && old - now < HALF_YEAR_SECONDS)
    yield {
      rule: "linked-earlier",
      risk: "low",
      because: "was linked before the release before it was",
      before: { text: new Date(old * 1000).toISOString() },
      after: { text: new Date(now * 1000).toISOString() },
    };
}

function* compareReadable({ before, after }: ExecutablePair): Generator<Difference> {
  const broken = after.unreadable.filter((part) => !before.unreadable.includes(part));
  if (broken.length > 0)
    yield {
      rule: "unreadable-part",
      risk: "medium",
      because: `has parts that cannot be read as its format promises, and could be before: ${broken.join(", ")}`,
    };
}
