/** Pictures, sounds and fonts that hold more than they show, or are none. @module */

import type { Difference, Risk } from "../trait.ts";
import { DENSE_BITS } from "./density.ts";
import type { Carried, Misnamed, Trailing } from "./observe.ts";

export function* compareMedia(was: Carried | undefined, now: Carried): Generator<Difference> {
  if (now.misnamed !== undefined) yield* compareMisnamed(was, now, now.misnamed);
  if (now.media === undefined) return;
  if (now.trailing === undefined) yield* compareDensity(was, now);
  else yield* compareTrailing(was, now.media, now.trailing);
}

function* compareMisnamed(was: Carried | undefined, now: Carried, misnamed: Misnamed): Generator<Difference> {
  if (was?.misnamed !== undefined && was.misnamed.isScript === misnamed.isScript) return;
  const isDense = (now.entropy ?? 0) >= DENSE_BITS && misnamed.looksLike === "data";
  const isProgram = ["pe", "elf", "mach-o", "mach-o-or-class"].includes(misnamed.looksLike);
  const what =
    misnamed.isScript === true
      ? "a script"
      : isProgram
        ? "a program"
        : isDense
          ? "bytes that read like noise"
          : "something else";
  const isGrave = misnamed.isScript === true || isProgram || isDense;
  const media = was?.media;
  yield {
    rule: media === undefined || media === "" ? "misnamed" : "no-longer-media",
    risk: isGrave ? "high" : "low",
    because:
      media === undefined || media === ""
        ? `is named like a picture, a sound or a font, and is ${what}`
        : `was a ${media}, and is ${what}`,
    after: { offsetBytes: 0, hex: misnamed.hex },
  };
}

/** Cameras and editors leave something behind the end of a JPEG picture; few bytes are an editor's mistake. */
const FEW_BYTES = 24;

function* compareTrailing(
  was: Carried | undefined,
  media: string,
  trailing: Trailing,
): Generator<Difference> {
  const before = was?.trailing;
  if (before !== undefined && before.sizeBytes === trailing.sizeBytes && before.hex === trailing.hex) return;
  const text = `${trailing.sizeBytes} bytes, ${trailing.entropy} bits per byte, ${trailing.isBase64 === true ? "base64" : `like ${trailing.looksLike}`}`;
  const hadThem =
    before !== undefined && before.looksLike === trailing.looksLike && before.isBase64 === trailing.isBase64;
  yield {
    rule: before === undefined ? "behind-the-end" : "other-behind-the-end",
    risk: hadThem ? "low" : trailingRisk(media, trailing, was === undefined),
    because: `has bytes behind the end of the ${media}${describe(trailing)}`,
    ...(before === undefined ? {} : { before: { offsetBytes: before.offsetBytes, hex: before.hex } }),
    after: { offsetBytes: trailing.offsetBytes, hex: trailing.hex, text },
  };
}

const PROGRAMS: ReadonlySet<string> = new Set([
  "pe",
  "elf",
  "mach-o",
  "zip",
  "7z",
  "rar",
  "cab",
  "gzip",
  "xz",
  "zstd",
]);

function trailingRisk(media: string, trailing: Trailing, isAdded: boolean): Risk {
  if (PROGRAMS.has(trailing.looksLike) || trailing.isBase64 === true) return "high";
  if (trailing.sizeBytes < FEW_BYTES) return "low";
  // Short noise has less entropy than long noise: of 256 bytes it is about 7.2.
  const isDense = trailing.entropy >= Math.min(DENSE_BITS, Math.log2(trailing.sizeBytes) - 1);
  const isUsual = media === "JPEG picture" || media === "RIFF file";
  if (isDense && trailing.looksLike === "data") return isUsual ? "medium" : "high";
  return isUsual || isAdded ? "low" : "medium";
}

function describe({ looksLike, isBase64 }: Trailing): string {
  if (isBase64 === true) return ", letters of base64";
  return PROGRAMS.has(looksLike) ? `, which begin like ${looksLike}` : "";
}

/** Not packed by their nature: what is drawn, sampled or outlined in the clear. */
const CLEAR: ReadonlySet<string> = new Set(["bitmap", "font", "font collection", "cursor"]);
const TURNED_BITS = 7.9;
const LEAST_GAIN_BITS = 0.6;

function* compareDensity(was: Carried | undefined, now: Carried): Generator<Difference> {
  const { media = "", entropy = 0 } = now;
  if (was?.media !== media || was.entropy === undefined || !CLEAR.has(media)) return;
  if (entropy < TURNED_BITS || entropy - was.entropy < LEAST_GAIN_BITS) return;
  yield {
    rule: "turned-dense",
    risk: "high",
    because: `is a ${media} that reads like noise, and did not`,
    facts: { bitsPerByteBefore: was.entropy, bitsPerByteAfter: entropy },
  };
}
