import { memberKind } from "../member-kind.ts";
import { defineTrait, observed, type Trait } from "../trait.ts";
import { compareMedia } from "./compare-media.ts";
import { comparePrograms } from "./compare-programs.ts";
import { habitsOf, releaseHabits } from "./habits.ts";
import { type Carried, observeCarried } from "./observe.ts";

export const hiddenPayload: Trait<Carried> = defineTrait<Carried>({
  id: "hidden-payload",
  title: "What members carry besides themselves",
  question: "Does a member carry a program, or bytes behind its end, that it did not carry before?",
  document:
    "MITRE ATT&CK T1027.003, T1027.009, T1036.008; PE Format, ELF, Mach-O; PNG, JPEG, GIF, RIFF, OpenType, WOFF",
  rules: {
    "hidden-program": "Carries a program that is kept from being read: XOR, backwards, base64, digits.",
    "carried-program": "Carries a program, and carried none.",
    "more-programs": "Carries more programs than before.",
    "too-many-marks": "Holds more marks of programs than are looked at.",
    "behind-the-end": "Bytes stand behind the end of a picture, a sound or a font, where none stood.",
    "other-behind-the-end": "Other bytes stand behind the end of a picture, a sound or a font.",
    "turned-dense": "A picture, a sound or a font reads like noise, and did not.",
    "no-longer-media": "What was a picture, a sound or a font is none any more.",
    misnamed: "Is named like a picture, a sound or a font, and is none.",
  },
  observe: observeCarried,
  *compare({ before, after }, context) {
    const now = observed(after, hiddenPayload);
    if (after === undefined || now === undefined) return;
    const was = before === undefined ? undefined : (observed(before, hiddenPayload) ?? {});
    const { format, path } = after.member;
    yield* comparePrograms(was, now, memberKind(format, path));
    const habits = releaseHabits(context.before, hiddenPayload);
    const isHabit = [...habitsOf(now)].some((habit) => habits.has(habit));
    for (const difference of compareMedia(was, now))
      yield was === undefined && isHabit ? { ...difference, risk: "low" } : difference;
  },
});
