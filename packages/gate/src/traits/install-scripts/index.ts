/** What runs while a package is installed, removed or built, or at each start of its interpreter. @module */

import type { ByteSource } from "@sallyport/core";
import { folderOf, lastPart, listShortly, readDescription, readSmallText } from "../small-text.ts";
import {
  type CompareContext,
  type Difference,
  type ObserveContext,
  observed,
  type Pair,
  type Portrait,
  type Trait,
} from "../trait.ts";
import { compareLifecycle } from "./compare-lifecycle.ts";
import { type Conduct, conductOf, GROUP_NAMES, gainedGroups, gainedWords, riskOfGain } from "./conduct.ts";
import { counterpartOf } from "./counterpart.ts";
import type { ScriptFacts } from "./facts.ts";
import { readLifecycle } from "./lifecycle.ts";
import { type Place, placeOf } from "./places.ts";
import { isInstalledByNpm, membersRun } from "./runs.ts";
import { unfamiliarCommands } from "./shell-words.ts";

const MOST_BYTES = 512 * 1024;
const SHOWN_CHARACTERS = 2000;

export const installScripts: Trait<ScriptFacts> = {
  id: "install-scripts",
  title: "Install scripts",
  question: "What runs while it is installed that did not run before?",
  document:
    "npm, scripts; Debian Policy §6; RPM manual, Scriptlets; pkgbuild(1); Python site module; MITRE ATT&CK T1195.002",
  rules: {
    "script-added": "Something runs during installation, or at each start, that was not there before.",
    "script-changed": "Something that runs during installation does more than before.",
    "command-added": "npm runs a command while it installs the package, and did not before.",
    "command-changed": "The command that npm runs while it installs the package is another one.",
  },
  async observe(source, context) {
    if (context.path.endsWith(".pth")) return observeStart(source);
    const isNamed = lastPart(context.path) === "package.json";
    const text = isNamed ? await readDescription(source) : await readSmallText(source, MOST_BYTES);
    return text === undefined ? undefined : observeText(text, context);
  },
  *compare(pair, context) {
    const { before, after } = pair;
    if (after === undefined) return;
    const { path } = after.member;
    if (lastPart(path) === "package.json") {
      if (isInstalledByNpm(path, context.after))
        yield* compareLifecycle(factsOf(before)?.lifecycle, factsOf(after)?.lifecycle, before !== undefined);
      return;
    }
    const place = placeFor(pair, context);
    if (place === undefined) return;
    const was = (ranBefore(before, context) ? before : undefined) ?? counterpartOf(after, place, context);
    yield* was === undefined ? compareAdded(after, place) : compareChanged(was, after, place);
  },
};

const factsOf = (portrait: Portrait | undefined): ScriptFacts | undefined =>
  observed<ScriptFacts>(portrait, installScripts);

function observeText(text: string, { path, budget }: ObserveContext): ScriptFacts {
  if (text.trimStart().startsWith("{")) {
    const lifecycle = readLifecycle(text);
    if (lifecycle !== undefined) return { lifecycle };
  }
  const place = placeOf(path);
  const isShell = place?.language === "shell" || /^#!.{0,200}sh\b/.test(text);
  const conduct = conductOf(text, isShell);
  budget.checkTime();
  const startLines = text.length < MOST_START_CHARACTERS ? linesAtStart(text) : [];
  return {
    conduct,
    ...(isShell ? { unfamiliar: unfamiliarCommands(text) } : {}),
    ...(place === undefined ? {} : { text: text.slice(0, SHOWN_CHARACTERS) }),
    ...(startLines.length > 0 ? { startLines } : {}),
  };
}

/** The same text under another name is looked at for itself. */
const MOST_START_CHARACTERS = 16_384;
/** Weights of models have the same ending; longer ones are nothing else. */
const MOST_START_BYTES = 64 * 1024 * 1024;

/** Zeros and a great length keep no line from being run. */
async function observeStart(source: ByteSource): Promise<ScriptFacts | undefined> {
  if (source.sizeBytes > MOST_START_BYTES) return undefined;
  const text = Buffer.from(await source.read(0, source.sizeBytes)).toString("latin1");
  const startLines = linesAtStart(text.replaceAll("\0", ""));
  const shown = startLines.length > 0 ? text.slice(0, SHOWN_CHARACTERS) : undefined;
  return {
    conduct: conductOf(startLines.join("\n")),
    startLines,
    ...(shown !== undefined && { text: shown }),
  };
}

const MOST_START_LINES = 20;

/** site.py runs lines that begin like this, and takes every other for a folder. */
function linesAtStart(text: string): string[] {
  const lines: string[] = [];
  for (const { 0: line } of text.matchAll(/^(?:\xef\xbb\xbf)?import[ \t][^\r\n]{0,200}/gm)) {
    if (!lines.includes(line)) lines.push(line);
    if (lines.length >= MOST_START_LINES) break;
  }
  return lines;
}

/** By its name, or because the package's description says so. */
function placeFor({ after }: Pair, { after: release }: CompareContext): Place | undefined {
  const path = after?.member.path ?? "";
  const place = placeOf(path);
  if (place?.role.endsWith("binding.gyp")) return release.byPath(`${folderOf(path)}/package.json`) && place;
  if (place !== undefined) return place;
  const command = membersRun(release, factsOf).get(path);
  return command === undefined
    ? undefined
    : { role: command, language: "other", does: `runs as npm's ${command}` };
}

/** What it was paired with may be another file, which nothing ran. */
function ranBefore(before: Portrait | undefined, { before: release }: CompareContext): boolean {
  if (before === undefined) return false;
  const { path } = before.member;
  return placeOf(path) !== undefined || membersRun(release, factsOf).has(path);
}

function* compareAdded(after: Portrait, place: Place): Generator<Difference> {
  const { conduct = {}, unfamiliar = [], startLines = [], text } = factsOf(after) ?? {};
  const isPath = place.role.endsWith(".pth");
  if (isPath && startLines.length === 0) return;
  const words = isPath ? startLines : [...new Set([...gainedWords({}, conduct), ...unfamiliar])];
  // The same bytes may have been looked at where nothing ran them.
  const facts = factsOf(after);
  const isUnread = facts === undefined || (place.language === "shell" && facts.unfamiliar === undefined);
  yield {
    rule: "script-added",
    risk: riskOfComing(place, words.length > 0 || isUnread),
    because: `${place.does}, and was not there before${words.length > 0 ? `: ${listShortly(words)}` : ""}`,
    ...(text === undefined ? {} : { after: { offsetBytes: 0, text } }),
    facts: { words: words.slice(0, 40), groups: gainedGroups({}, conduct) },
  };
}

/** What is not out of the ordinary may come with an update, and a reviewer sees it. */
function riskOfComing(place: Place, isUnusual: boolean): Difference["risk"] {
  if (place.isAlwaysNews || isUnusual) return "high";
  return place.language === "shell" || place.isOrdinary ? "low" : "medium";
}

function* compareChanged(was: Portrait, after: Portrait, place: Place): Generator<Difference> {
  if (was.member.sha256 === after.member.sha256) return;
  if (factsOf(after) === undefined) {
    const isNews = factsOf(was) !== undefined;
    yield changed(
      place,
      [was, after],
      isNews ? "high" : "medium",
      "and cannot be read: it is too long, or no text",
    );
    return;
  }
  const [old, now] = [factsOf(was) ?? {}, factsOf(after) ?? {}];
  const lines = (now.startLines ?? []).filter((line) => !old.startLines?.includes(line));
  if (place.role.endsWith(".pth")) {
    if (lines.length > 0)
      yield changed(place, [was, after], "high", `and now also runs ${listShortly(lines)}`);
    return;
  }
  const commands = (now.unfamiliar ?? []).filter((word) => !old.unfamiliar?.includes(word));
  const [before, gained]: [Conduct, Conduct] = [old.conduct ?? {}, now.conduct ?? {}];
  const risk = riskOfGain(before, gained);
  const does = gainedGroups(before, gained).map((group) => GROUP_NAMES[group]);
  const words = [...new Set([...gainedWords(before, gained), ...commands])];
  const because =
    does.length > 0
      ? `and now ${listShortly(does)} (${listShortly(words)})`
      : words.length > 0
        ? `and now uses ${listShortly(words)}`
        : "and changed";
  yield changed(place, [was, after], risk === "info" && commands.length > 0 ? "low" : risk, because);
}

function changed(
  place: Place,
  [was, after]: readonly [Portrait, Portrait],
  risk: Difference["risk"],
  because: string,
): Difference {
  const [before, now] = [factsOf(was)?.text, factsOf(after)?.text];
  return {
    rule: "script-changed",
    risk,
    because: `${place.does} ${because}`,
    ...(before === undefined ? {} : { before: { text: before } }),
    ...(now === undefined ? {} : { after: { text: now } }),
  };
}
