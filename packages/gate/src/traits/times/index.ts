/** The dates that containers give their members. @module */

import type { CompareContext, Difference, Portrait, Release, Trait } from "../trait.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Clocks are wrong, and time zones unknown. */
const TOLERANCE = 2 * DAY;
/** Releases of an older branch come later than those of a newer one. */
const LONG = 60 * DAY;
/** Fewer members of one date say nothing about the others. */
const LEAST_MEMBERS = 8;
/** Members of a container built for the same bytes again share one date; so few may be another's. */
const FEW = 0.1;
/** Dates before this are fillers: the epoch, MS-DOS's first day, npm's 1985. */
const FIRST_YEAR = 1990;

export const times: Trait = {
  id: "times",
  title: "Dates",
  question: "Do the dates of the files fit the release?",
  document:
    "POSIX.1-2024 pax; PKWARE APPNOTE §4.4.6; SOURCE_DATE_EPOCH specification; MITRE ATT&CK T1070.006",
  rules: {
    future: "A file is dated after the day it was looked at.",
    "out-of-line": "Files have a date of their own where all share one, and shared one before.",
    older: "Every date of the new release is before those of the old one.",
  },
  *compareReleases(context) {
    yield* findFuture(context);
    yield* findOutOfLine(context);
    yield* findOlder(context);
  },
};

type Told = Difference & { readonly path: string };

const timeOf = ({ member }: Portrait): number | undefined => {
  const at = Date.parse(member.attributes?.modifiedAt ?? "");
  return Number.isNaN(at) || at < Date.UTC(FIRST_YEAR, 0, 1) ? undefined : at;
};
const shown = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A builder whose clock is ahead was so before. */
function* findFuture({ after, before, now }: CompareContext): Generator<Told> {
  if (now === undefined) return;
  const wasUsual = before.members.some((portrait) => (timeOf(portrait) ?? 0) > now.getTime() + TOLERANCE);
  if (wasUsual) return;
  for (const portrait of after.members) {
    const at = timeOf(portrait);
    if (at === undefined || at <= now.getTime() + TOLERANCE) continue;
    const because = `is dated ${shown(at)}, which is in the future`;
    yield {
      rule: "future",
      risk: "high",
      because,
      path: portrait.member.path,
      after: { text: portrait.member.attributes?.modifiedAt ?? "" },
    };
  }
}

/** Containers that are built to be the same again give one date to everything. A few others were put in by hand. */
function* findOutOfLine({ after, before, budget, now }: CompareContext): Generator<Told> {
  const uniformBefore = new Set(
    [...byContainer(before)]
      .filter(([, members]) => commonDate(members)?.share === 1)
      .map(([path]) => levelOf(path)),
  );
  for (const [container, members] of byContainer(after)) {
    budget.checkTime();
    const common = commonDate(members);
    if (common === undefined || common.share === 1 || common.share < 1 - FEW) continue;
    if (!uniformBefore.has(levelOf(container))) continue;
    for (const { member } of members) {
      if (member.attributes?.modifiedAt === common.date || isAhead(member.attributes?.modifiedAt, now))
        continue;
      const because = `is dated ${(member.attributes?.modifiedAt ?? "").slice(0, 10)}, and the others beside it ${common.date.slice(0, 10)}`;
      yield {
        rule: "out-of-line",
        risk: isEarlier(member.attributes?.modifiedAt, common.date) ? "info" : "medium",
        because,
        path: member.path,
        after: { text: member.attributes?.modifiedAt ?? "" },
      };
    }
  }
}

/** Builds bring later dates down to the common one and leave earlier ones alone. Source: dpkg-deb(1), SOURCE_DATE_EPOCH. */
const isEarlier = (modifiedAt: string | undefined, common: string): boolean =>
  Date.parse(modifiedAt ?? "") < Date.parse(common);

/** Told as a date from the future. */
const isAhead = (modifiedAt: string | undefined, now: Date | undefined): boolean =>
  now !== undefined && Date.parse(modifiedAt ?? "") > now.getTime() + TOLERANCE;

/** Containers are found again by how deep they stand; their names carry versions. */
const levelOf = (path: string): number => path.split("/").length;

function byContainer(release: Release): ReadonlyMap<string, readonly Portrait[]> {
  const groups = new Map<string, Portrait[]>();
  for (const portrait of release.members) {
    if (portrait.member.attributes?.modifiedAt === undefined) continue;
    const container = containerOf(portrait.member.path, release);
    const group = groups.get(container);
    if (group === undefined) groups.set(container, [portrait]);
    else group.push(portrait);
  }
  return groups;
}

/** The nearest part of the path that is a member itself. */
function containerOf(path: string, release: Release): string {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
    if (release.byPath(path.slice(0, end)) !== undefined) return path.slice(0, end);
  return "";
}

function commonDate(
  members: readonly Portrait[],
): { readonly date: string; readonly share: number } | undefined {
  if (members.length < LEAST_MEMBERS) return undefined;
  const counts = new Map<string, number>();
  for (const { member } of members) {
    const date = member.attributes?.modifiedAt ?? "";
    counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  const [date = "", count = 0] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  return { date, share: count / members.length };
}

/** A release that is older than what it replaces may be an old one under a new name. */
function* findOlder({ before, after }: CompareContext): Generator<Told> {
  const [oldest, newest] = [newestOf(before), newestOf(after)];
  if (oldest === undefined || newest === undefined || newest >= oldest - TOLERANCE) return;
  yield {
    rule: "older",
    risk: oldest - newest > LONG ? "low" : "info",
    because: `holds nothing newer than ${shown(newest)}, and the old release has files of ${shown(oldest)}`,
    path: "",
  };
}

function newestOf(release: Release): number | undefined {
  let newest: number | undefined;
  for (const portrait of release.members) {
    const at = timeOf(portrait);
    if (at !== undefined && (newest === undefined || at > newest)) newest = at;
  }
  return newest;
}
