/** What came with a release, told by what it is, where it stands, and what stands beside it. @module */

import { withoutNumbers } from "../../diff/names.ts";
import { memberKind } from "../member-kind.ts";
import { folderOf, lastPart } from "../small-text.ts";
import type { Difference, Pair, Portrait, Trait } from "../trait.ts";
import { disguiseOf, hasDoubleEnding, isHidden } from "./deceiving-names.ts";
import { findSwapped } from "./inner-installers.ts";
import { isCache, isCompiledPython, Peers } from "./peers.ts";
import { startPlaceOf } from "./start-places.ts";
import { SYSTEM_LIBRARIES } from "./system-libraries.ts";

type Told = Difference & { readonly path: string };
/** A member that came, or stands under another name, or is a program now. */
interface Arrival {
  readonly after: Portrait;
  readonly path: string;
  readonly isProgram: boolean;
  /** Its name is what it was; only its place is another. */
  readonly isMoved?: true;
}

export const addedFiles: Trait = {
  id: "added-files",
  title: "Added files",
  question: "What came with the release that its kind hardly ever gains?",
  document:
    "Microsoft, Dynamic-link library search order; systemd file-hierarchy(7); MITRE ATT&CK T1036, T1547, T1564, T1574",
  rules: {
    "unsigned-program": "A program that is not signed came to others that are.",
    "system-name": "A library came under the name of one of Windows, beside a program that would load it.",
    "first-program": "Machine code came to a release that had none.",
    "other-system": "Machine code for another system came.",
    disguised: "Machine code came under the name of a picture, a font or a text.",
    "double-ending": "What Windows runs came under the name of a document.",
    "hidden-program": "Machine code came under a hidden name.",
    "start-place": "A file came that the operating system starts or obeys by itself.",
    "installer-swapped": "An installer inside the release is another one.",
    "compiled-script": "Compiled Python came, which is run in place of a source that people can read.",
    program: "A program came.",
  },
  *compareReleases(context) {
    yield* findSwapped(context);
    const arrivals = context.pairs.flatMap((pair) => arrivalOf(pair) ?? []);
    if (arrivals.length === 0) return;
    const peers = new Peers(context);
    for (const arrival of arrivals) {
      context.budget.checkTime();
      if (arrival.isMoved !== true) yield* judgeName(arrival);
      yield* judgePlace(arrival, peers);
      if (arrival.isMoved !== true) yield* judgeCompiled(arrival, peers);
      if (arrival.isProgram) yield* judgeProgram(arrival, peers);
    }
  },
};

const isNative = ({ member: { format, path } }: Portrait): boolean => memberKind(format, path) === "native";

function arrivalOf({ before, after }: Pair): Arrival | undefined {
  if (after === undefined || after.member.path === "") return undefined;
  const { path } = after.member;
  const isProgram = isNative(after);
  const isRenamed = before !== undefined && nameOf(before.member.path) !== nameOf(path);
  const isPlaced = startPlaceOf(path) !== undefined && startPlaceOf(before?.member.path ?? "") === undefined;
  if (before !== undefined && !isRenamed && (isNative(before) || !isProgram))
    return isPlaced ? { after, path, isProgram: false, isMoved: true } : undefined;
  return { after, path, isProgram };
}

const nameOf = (path: string): string => withoutNumbers(lastPart(path)).toLowerCase();

function* judgeName({ path, isProgram }: Arrival): Generator<Told> {
  if (hasDoubleEnding(path))
    yield {
      rule: "double-ending",
      risk: "high",
      because: "is run by Windows, and has the name of a document",
      path,
    };
  const disguise = isProgram ? disguiseOf(path) : undefined;
  if (disguise === "plain")
    yield {
      rule: "disguised",
      risk: "high",
      because: "is machine code, and has the name of a picture, a font or a text",
      path,
    };
  if (disguise === "vague")
    yield {
      rule: "disguised",
      risk: "medium",
      because: "is machine code under a name that says nothing of it",
      path,
    };
  if (isProgram && isHidden(path))
    yield { rule: "hidden-program", risk: "high", because: "is machine code under a hidden name", path };
}

function* judgePlace({ path, after }: Arrival, peers: Peers): Generator<Told> {
  const place = startPlaceOf(path);
  if (place === undefined || peers.hadStarted(lastPart(path))) return;
  const risk = place.isOrdinary ? "medium" : "high";
  const { linkTarget } = after.member.attributes ?? {};
  const what = linkTarget === undefined ? "is new" : "is a new link";
  const excerpt = linkTarget === undefined ? {} : { after: { text: linkTarget } };
  yield { rule: "start-place", risk, because: `${what} and ${place.does}`, path, ...excerpt };
}

/** Source: PEP 3147; what stands in `__pycache__` is run in place of the source beside it, elsewhere without one. */
function* judgeCompiled({ path }: Arrival, peers: Peers): Generator<Told> {
  if (!isCompiledPython(path) || peers.hadCompiled(isCache(path))) return;
  yield {
    rule: "compiled-script",
    risk: isCache(path) ? "medium" : "high",
    because: isCache(path)
      ? "is compiled Python that is run in place of its source, and there was none before"
      : "is compiled Python without its source, and there was none before",
    path,
  };
}

function* judgeProgram({ after, path }: Arrival, peers: Peers): Generator<Told> {
  const { format } = after.member;
  if (peers.arePrograms === "none")
    yield {
      rule: "first-program",
      risk: "high",
      because: "is machine code, and there was none before",
      path,
    };
  else if (!peers.hadFormat(format))
    yield {
      rule: "other-system",
      risk: "low",
      because: `is machine code for another system than before (${format})`,
      path,
    };
  if (peers.isUnsignedAmongSigned(after))
    yield {
      rule: "unsigned-program",
      risk: "high",
      because: "is a new program and not signed, as those beside it are",
      path,
    };
  if (format === "pe" && isSystemName(path) && !peers.had(lastPart(path)))
    yield {
      rule: "system-name",
      risk: peers.hasStarter(folderOf(path)) ? "high" : "medium",
      because: `has the name of a library of Windows (${lastPart(path).toLowerCase()}) that a program in its folder would load in place of it`,
      path,
    };
  yield { rule: "program", risk: "info", because: "is a new program", path };
}

const isSystemName = (path: string): boolean =>
  SYSTEM_LIBRARIES.has(
    lastPart(path)
      .toLowerCase()
      .replace(/\.(?:dll|drv|ocx|cpl)$/, ""),
  );
