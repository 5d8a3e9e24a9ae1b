import { isExample, memberKind } from "../member-kind.ts";
import { listShortly } from "../small-text.ts";
import { sweep } from "../sweep.ts";
import { type Difference, defineTrait, observed, type Risk, type Trait } from "../trait.ts";
import { compareInstalled } from "./installed.ts";
import { type Place, placeOf } from "./places.ts";
import type { PlacesSeen, SeenPlace } from "./search.ts";

export const launchPaths: Trait<PlacesSeen> = defineTrait<PlacesSeen>({
  id: "launch-paths",
  title: "Places programs are started from",
  question: "Does it know of a place from which the system starts programs by itself, and did not before?",
  document: "MITRE ATT&CK TA0003 Persistence",
  rules: {
    "hidden-place": "Hides the name of a place that programs are started from.",
    "registers-itself": "Knows a place that programs are started from, and how to get there.",
    "speaks-of-place": "Knows a place that programs are started from.",
    "installed-into-place": "The package brings a file into a place that programs are started from.",
    "read-about": "Texts and comments speak of such a place.",
  },
  async observe(source, context) {
    const { places } = await sweep(source, context.budget);
    return places.places.length > 0 ? places : undefined;
  },
  *compare({ before, after }) {
    const seen = observed(after, launchPaths);
    if (after === undefined || seen === undefined) return;
    const old = before === undefined ? undefined : (observed(before, launchPaths) ?? NOTHING);
    const { format, path } = after.member;
    const kind = memberKind(format, path);
    for (const difference of compareSeen(old, seen, kind)) {
      const isMild = kind === "script" && isExample(path) && difference.rule === "registers-itself";
      yield isMild && difference.risk === "high" ? { ...difference, risk: "medium" } : difference;
    }
  },
  compareReleases: compareInstalled,
});

const NOTHING: PlacesSeen = { places: [], registering: [] };
type Kind = ReturnType<typeof memberKind>;

function* compareSeen(before: PlacesSeen | undefined, after: PlacesSeen, kind: Kind): Generator<Difference> {
  const keyOf = ({ id, hidden }: SeenPlace): string => `${hidden === undefined ? "" : "hidden "}${id}`;
  const had = new Map((before?.places ?? []).map((place) => [keyOf(place), place]));
  const gained = after.places.filter((place) => {
    const was = had.get(keyOf(place));
    // Spoken of in a comment, and now in code.
    return was === undefined || (was.isComment === true && place.isComment !== true);
  });
  const byRule = new Map<string, { readonly verdict: Verdict; readonly places: SeenPlace[] }>();
  for (const place of gained) {
    const verdict = judge(place, { before, after, kind });
    const key = `${verdict.rule} ${verdict.risk} ${place.hidden ?? ""}`;
    const found = byRule.get(key) ?? { verdict, places: [] };
    found.places.push(place);
    byRule.set(key, found);
  }
  for (const { verdict, places } of byRule.values()) yield tell(verdict, places);
}

interface Verdict {
  readonly rule: string;
  readonly risk: Risk;
  /** With `%` for the places. */
  readonly sentence: string;
}

interface Seen {
  readonly before: PlacesSeen | undefined;
  readonly after: PlacesSeen;
  readonly kind: Kind;
}

function judge(seen: SeenPlace, { before, after, kind }: Seen): Verdict {
  const place = placeOf.get(seen.id);
  if (kind === "prose" || kind === "description" || seen.isComment === true)
    return { rule: "read-about", risk: "info", sentence: "tells of %" };
  if (seen.hidden !== undefined)
    return { rule: "hidden-place", risk: "high", sentence: `hides the name of % ${seen.hidden}` };
  const registers =
    kind === "native"
      ? after.registering.length > 0
      : seen.isWritten === true || after.registering.length > 0;
  const knewSome = before?.places.some(({ id }) => isAlike(placeOf.get(id), place)) === true;
  const isRegistered = place?.use === "only" || (REGISTERED.has(seen.id) && bringsRegistering(before, after));
  if (registers && isRegistered)
    return {
      rule: "registers-itself",
      risk: knewSome ? "low" : registersAnew(before, after, seen) ? "high" : "medium",
      sentence: "can have itself started from %",
    };
  const usual: Risk =
    place?.use === "only" ? "medium" : seen.isWritten === true && kind === "script" ? "medium" : "low";
  return {
    rule: "speaks-of-place",
    risk: knewSome || kind === "setting" ? "low" : usual,
    sentence: "speaks of %",
  };
}

/** Of one system, and as telling. */
const isAlike = (a: Place | undefined, b: Place | undefined): boolean =>
  a !== undefined && a.system === b?.system && (a.use === "only" || b.use === "also");

/** Programs speak of these for other reasons too, but who can register there and could not before means to. */
const REGISTERED: ReadonlySet<string> = new Set(["scheduled-task", "crontab", "service"]);

const bringsRegistering = (before: PlacesSeen | undefined, after: PlacesSeen): boolean =>
  after.registering.some((word) => before?.registering.includes(word) !== true);

/** What registers came with the place, or the member knew no place at all. */
function registersAnew(before: PlacesSeen | undefined, after: PlacesSeen, seen: SeenPlace): boolean {
  if (seen.isWritten === true || before === undefined || before.places.length === 0) return true;
  return bringsRegistering(before, after);
}

function tell({ rule, risk, sentence }: Verdict, places: readonly SeenPlace[]): Difference {
  const titles = [...new Set(places.map(({ id }) => placeOf.get(id)?.title ?? id))];
  const [first] = places;
  const techniques = [...new Set(places.flatMap(({ id }) => placeOf.get(id)?.technique ?? []))];
  return {
    rule,
    risk,
    because: sentence.replace("%", listShortly(titles)),
    after: {
      ...(first === undefined ? {} : { offsetBytes: first.offsetBytes }),
      text: places.map(({ text }) => text).join("\n"),
    },
    facts: { techniques },
  };
}
