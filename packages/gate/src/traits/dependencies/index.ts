/** What packages say they need: what came new, from where, and under whose name. @module */

import { lastPart, listShortly, readDescription, readSmallText } from "../small-text.ts";
import {
  type CompareContext,
  type Difference,
  observed,
  type Pair,
  type Release,
  type Trait,
} from "../trait.ts";
import type { Declared, Dependency } from "./declared/declared.ts";
import { readDeclared } from "./declared/read-declared.ts";
import { LookAlikes } from "./look-alike.ts";
import { isAnyVersion, sourceOf } from "./source.ts";

const MOST_BYTES = 1024 * 1024;

export const dependencies: Trait<Declared> = {
  id: "dependencies",
  title: "Dependencies",
  question: "Which packages does it bring along that it did not before?",
  document:
    "npm, package.json; PyPA, core metadata; The Cargo Book; Gem::Specification; NuGet .nuspec; Maven POM; Debian Policy §7",
  rules: {
    "look-alike": "A dependency came whose name can be mistaken for one that is well known or already used.",
    "foreign-source":
      "A dependency is fetched from an address, a repository or a folder, and not from the registry.",
    alias: "A dependency's name stands for a package of another name.",
    "any-version": "A dependency may now be any version.",
    added: "A dependency came.",
    changed: "Dependencies changed.",
  },
  async observe(source, context) {
    const isNamed = DESCRIPTIONS.has(lastPart(context.path));
    const text = isNamed ? await readDescription(source) : await readSmallText(source, MOST_BYTES);
    context.budget.checkTime();
    return text === undefined ? undefined : readDeclared(text);
  },
  *compare(pair, context) {
    const before = observed<Declared>(pair.before, dependencies);
    const after = observed<Declared>(pair.after, dependencies);
    if (before === undefined || after === undefined || before.ecosystem !== after.ecosystem) return;
    if (!isDescription(pair, after)) return;
    yield* compareDeclared(before, after, isItsOwn(pair, context));
  },
};

/** Descriptions that tools read under this name only. */
const DESCRIPTIONS: ReadonlySet<string> = new Set([
  "package.json",
  "composer.json",
  "METADATA",
  "PKG-INFO",
  "Cargo.toml",
  "pom.xml",
]);

/** Where each kind of package keeps its description; the same text elsewhere describes nothing. */
const NAMES: Readonly<Record<Declared["ecosystem"], RegExp>> = {
  npm: /^package\.json$/,
  composer: /^composer\.json$/,
  python: /^(?:METADATA|PKG-INFO)$/,
  cargo: /^Cargo\.toml$/,
  gem: /^(?:content|metadata)$/,
  nuget: /\.nuspec$/i,
  maven: /^pom\.xml$|\.pom$/i,
  debian: /^control$/,
  conda: /^index\.json$/,
};

const isDescription = ({ after }: Pair, { ecosystem }: Declared): boolean =>
  NAMES[ecosystem].test(lastPart(after?.member.path ?? ""));

/** The package's own description, and not that of one it carries inside, which changes with every update of that one. */
function isItsOwn({ after }: Pair, { after: release }: CompareContext): boolean {
  const path = after?.member.path ?? "";
  const name = lastPart(path);
  if (/(?:^|\/)(?:node_modules|vendor|site-packages)\//.test(path)) return false;
  return depthOf(path) <= (shallowestIn(release).get(name) ?? 0);
}

const depthOf = (path: string): number => path.split("/").length;
const shallowest = new WeakMap<Release, ReadonlyMap<string, number>>();

/** By last part: how deep the first member of that name stands. */
function shallowestIn(release: Release): ReadonlyMap<string, number> {
  const known = shallowest.get(release);
  if (known !== undefined) return known;
  const depths = new Map<string, number>();
  for (const { member } of release.members) {
    const name = lastPart(member.path);
    depths.set(name, Math.min(depths.get(name) ?? Number.POSITIVE_INFINITY, depthOf(member.path)));
  }
  shallowest.set(release, depths);
  return depths;
}

function* compareDeclared(before: Declared, after: Declared, isOwn: boolean): Generator<Difference> {
  const known = new Map(before.dependencies.map((dependency) => [dependency.name, dependency]));
  const used = new Set(known.keys());
  const lookAlikes = new LookAlikes(after.ecosystem, used);
  const ordinary: Dependency[] = [];
  for (const dependency of after.dependencies) {
    const was = known.get(dependency.name);
    if (was?.range === dependency.range && was.group === dependency.group) continue;
    const found = judge(dependency, was, { after, lookAlikes });
    if (found === undefined) {
      if (was === undefined) ordinary.push(dependency);
    } else
      yield {
        ...found,
        ...(was === undefined ? {} : { before: { text: shown(was) } }),
        after: { text: shown(dependency) },
      };
  }
  yield* tellAdded(ordinary, { after, used, isOwn });
  const lines = changedLines(before, after);
  if (lines.before !== lines.after)
    yield {
      rule: "changed",
      risk: "info",
      because: "needs other packages, or other versions of them",
      before: { text: lines.before },
      after: { text: lines.after },
    };
}

interface Circumstances {
  readonly after: Declared;
  readonly lookAlikes: LookAlikes;
}

/** What is wrong with a dependency that is new or has changed. */
function judge(
  dependency: Dependency,
  was: Dependency | undefined,
  { after: { ecosystem }, lookAlikes }: Circumstances,
): Pick<Difference, "rule" | "risk" | "because"> | undefined {
  const { name, range, group } = dependency;
  // Nobody who installs the package gets these.
  if (group === "development") return undefined;
  const imitated = was === undefined ? lookAlikes.find(name) : undefined;
  if (imitated !== undefined)
    return {
      rule: "look-alike",
      risk: "high",
      because: `now needs ${name}, which can be mistaken for ${imitated}`,
    };
  const source = sourceOf(range, ecosystem);
  if (source !== undefined && (was === undefined || sourceOf(was.range, ecosystem)?.kind !== source.kind)) {
    if (source.kind !== "alias")
      return {
        rule: "foreign-source",
        risk: "high",
        because: `fetches ${name} from ${source.from}, and not from the registry`,
      };
    // `string-width-cjs` for another version of string-width says what it is.
    if (!isNamedAfter(name, source.from))
      return { rule: "alias", risk: "medium", because: `installs ${source.from} under the name ${name}` };
  }
  const isChosen = group === "runtime" && CHOOSING.has(ecosystem);
  if (isChosen && was !== undefined && isAnyVersion(range) && !isAnyVersion(was.range))
    return { rule: "any-version", risk: "medium", because: `now takes any version of ${name}` };
  return undefined;
}

/** Elsewhere a description without a version leaves the choice to another file. */
const CHOOSING: ReadonlySet<string> = new Set(["npm", "python", "cargo", "gem"]);

function isNamedAfter(name: string, target: string): boolean {
  const [own, other] = [name, target].map((text) => lastPart(text).toLowerCase());
  return own !== undefined && other !== undefined && (own.includes(other) || other.includes(own));
}

/** New ones of an owner whose packages are used already, and those of packages inside, are what updates bring. */
function* tellAdded(
  added: readonly Dependency[],
  {
    after,
    used,
    isOwn,
  }: Pick<Circumstances, "after"> & { readonly used: ReadonlySet<string>; readonly isOwn: boolean },
): Generator<Difference> {
  // A scope belongs to one owner: a package called `demo` and the packages of `@demo` are most often one maker's.
  const own = after.product ?? "";
  const owners = new Set([own, `@${own}/`, ...used].map(ownerOf).filter((owner) => owner.length > 1));
  const isNews = ({ name, group }: Dependency) =>
    isOwn && after.ecosystem !== "debian" && group !== "development" && !owners.has(ownerOf(name));
  for (const [risk, some] of [
    ["low", added.filter(isNews)],
    ["info", added.filter((dependency) => !isNews(dependency))],
  ] as const) {
    if (some.length === 0) continue;
    const because = `now needs ${listShortly(some.map(({ name }) => name))}`;
    yield { rule: "added", risk, because, after: { text: textOf(some) } };
  }
}

/** npm's scope, Maven's group; elsewhere nothing tells who owns a name. */
function ownerOf(name: string): string {
  if (name.startsWith("@")) return name.split("/", 1)[0] ?? "";
  return name.includes(":") ? (name.split(":", 1)[0] ?? "") : "";
}

function changedLines(before: Declared, after: Declared): { before: string; after: string } {
  const old = new Set(before.dependencies.map(shown));
  const now = new Set(after.dependencies.map(shown));
  const rest = (text: string | undefined) => (text === undefined ? [] : [`and more, together ${text}`]);
  return {
    before: cut([...[...old].filter((line) => !now.has(line)), ...rest(before.rest)]),
    after: cut([...[...now].filter((line) => !old.has(line)), ...rest(after.rest)]),
  };
}

const shown = ({ name, range, group }: Dependency): string =>
  `${name} ${range}${group === "runtime" ? "" : ` (${group})`}`.trim();
const textOf = (some: readonly Dependency[]): string => cut(some.map(shown));
const cut = (lines: readonly string[]): string => lines.join("\n").slice(0, 4000);
