/**
 * One program for several processors: what happened to one of its slices and not to the others. The 3CX library for
 * macOS was changed for Intel alone; whoever works on the finished file needs to do it once for each processor.
 * @module
 */

import { inWords, isCodeKept, isSameLink } from "../executable/comparing.ts";
import { groups as powerGroups } from "../imports/groups.ts";
import { type Difference, defineTrait, type Risk, type Trait } from "../trait.ts";
import { countFirst, gainOfFirst, librariesAlone, type PowerGain, powersAlone } from "./gains.ts";
import { type Group, groupImages, type Image } from "./groups.ts";

type Found = Difference & { readonly path: string };

export const slices: Trait = defineTrait({
  id: "slices",
  title: "Slices for other processors",
  question: "Did something happen to the program for one processor that did not happen to it for the others?",
  document: "Apple, mach-o/fat.h and mach-o/loader.h; System V gABI; Microsoft, PE Format",
  rules: {
    "slice-gained-alone": "One slice runs something first, and can do something, that no other does.",
    "slice-runs-more": "One slice runs something first that no other gained.",
    "slice-can-more": "One slice gained a kind of power that no other has.",
    "slice-needs-more": "One slice needs a library that no other needs.",
    "slice-changed-alone": "The code of one slice was changed, and that of another was not.",
    "slice-unlike-others": "A new universal file runs something first in one slice alone.",
    "slices-changed": "The file is there for other processors than before.",
  },
  *compareReleases(context) {
    for (const group of groupImages(context)) {
      context.budget.checkTime();
      for (const image of group.images) yield* compareImage(image, group);
      if (group.kind === "slices") yield* compareSlices(group);
    }
  },
});

function* compareImage(image: Image, group: Group): Generator<Found> {
  const others = group.images.filter(({ after }) => after.architecture !== image.after.architecture);
  const first = runsFirstAlone(image, others);
  const powers = powersAlone(image, others);
  const needed = librariesAlone(image, others);
  const isSliceAlone = group.kind === "slices" && isChangedAlone(image, others);
  if (first > 0 && powers.length > 0) {
    yield found(image, {
      rule: "slice-gained-alone",
      risk: group.kind === "slices" ? "critical" : "high",
      because: `for ${image.name} alone runs something more at its start and can now ${powerText(powers)}`,
      facts: { initialisers: first },
    });
    return;
  }
  if (first > 0) yield found(image, describeFirst(image, { group, others, first, isSliceAlone }));
  if (powers.length > 0)
    yield found(image, {
      rule: "slice-can-more",
      risk: isSliceAlone ? "critical" : "high",
      because: `for ${image.name} alone can now ${powerText(powers)}`,
      after: {
        text: powers
          .flatMap(({ functions }) => functions)
          .slice(0, 200)
          .join("\n"),
      },
    });
  if (needed.length > 0)
    yield found(image, {
      rule: "slice-needs-more",
      risk: isSliceAlone ? "high" : group.kind === "slices" ? "medium" : "info",
      because: `for ${image.name} alone needs ${inWords(needed)}`,
      after: { text: needed.slice(0, 100).join("\n") },
    });
  if (isSliceAlone && first === 0 && powers.length === 0)
    yield found(image, {
      rule: "slice-changed-alone",
      risk: "high",
      because: `has other code for ${image.name}, and the same as before for ${inWords(keptNames(others))}`,
    });
}

const found = (image: Image, difference: Difference): Found => ({ ...difference, path: image.path });

const powerText = (powers: readonly PowerGain[]): string =>
  inWords(
    powers.map(({ id, functions }) => {
      const power = powerGroups.find((group) => group.id === id)?.power ?? id;
      return `${power} (${functions.slice(0, 2).join(", ")})`;
    }),
  );

/** How many more run first, when that many did not come to any other. */
function runsFirstAlone(image: Image, others: readonly Image[]): number {
  const gain = gainOfFirst(image);
  return gain > 0 && others.length > 0 && others.every((other) => hasLess(other, image)) ? gain : 0;
}

/** A new slice is measured by what it has: as much as this one makes the gain an ordinary one. */
const hasLess = (other: Image, image: Image): boolean =>
  other.before === undefined ? countFirst(other.after) < countFirst(image.after) : gainOfFirst(other) <= 0;

function describeFirst(
  image: Image,
  {
    group,
    others,
    first,
    isSliceAlone,
  }: {
    readonly group: Group;
    readonly others: readonly Image[];
    readonly first: number;
    readonly isSliceAlone: boolean;
  },
): Difference {
  const hadNone = image.before !== undefined && countFirst(image.before) === 0;
  const isBreak = hadNone || wereAlike(image, others);
  const usual: Risk = group.kind === "slices" ? (isBreak ? "high" : "low") : hadNone ? "medium" : "info";
  return {
    rule: "slice-runs-more",
    risk: isSliceAlone ? "critical" : usual,
    because: `for ${image.name} alone runs something more at its start than before`,
    facts: { initialisers: first, before: image.before === undefined ? 0 : countFirst(image.before) },
  };
}

/** Every slice ran as many before: nothing in this program is for one processor alone. */
const wereAlike = ({ before }: Image, others: readonly Image[]): boolean =>
  before !== undefined &&
  others.every((other) => other.before !== undefined && countFirst(other.before) === countFirst(before));

/** Its code is other code, and some other slice's is what it was. */
const isChangedAlone = (image: Image, others: readonly Image[]): boolean =>
  !isKept(image) && image.before !== undefined && others.some(isKept);

function isKept({ before, after, isSame }: Image): boolean {
  if (before === undefined) return false;
  const pair = { before, after };
  return isSame || (isCodeKept(pair) && (isSameLink(pair) || before.linkId === undefined));
}

const keptNames = (others: readonly Image[]): string[] => others.filter(isKept).map(({ name }) => name);

function* compareSlices({ images, path }: Group): Generator<Found> {
  const fresh = images.filter(({ before }) => before === undefined);
  if (fresh.length === images.length) {
    const [least, most] = [Math.min, Math.max].map((pick) =>
      pick(...images.map(({ after }) => countFirst(after))),
    );
    if (least === 0 && most !== undefined && most > 0)
      yield {
        rule: "slice-unlike-others",
        risk: "low",
        because: `is new, and runs something at its start for ${inWords(images.filter(({ after }) => countFirst(after) > 0).map(({ name }) => name))} alone`,
        path,
      };
    return;
  }
  if (fresh.length > 0)
    yield {
      rule: "slices-changed",
      risk: "info",
      because: `is there for ${inWords(fresh.map(({ name }) => name))} as well`,
      path,
    };
}
