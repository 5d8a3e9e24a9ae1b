/** What a member is by its bytes, what stands behind its end, and which programs it carries. @module */

import { asBuffer, type ByteSource } from "@sallyport/core";
import { looksLike } from "../executable/looks-like.ts";
import { sweep } from "../sweep.ts";
import type { ObserveContext } from "../trait.ts";
import { entropyOf } from "./density.ts";
import { readMedia } from "./media.ts";
import type { CarriedProgram } from "./search.ts";
import { outsideSlices } from "./slices.ts";

export interface Carried {
  readonly programs?: readonly CarriedProgram[];
  /** With those beyond what is kept. */
  readonly programCount?: number;
  /** So many marks of programs that not all were looked at. */
  readonly isFlooded?: true;
  /** What it begins like, when that is a picture, a sound or a font. */
  readonly media?: string;
  /** Its structure leads past its end, or nowhere. */
  readonly isBroken?: true;
  readonly trailing?: Trailing;
  /** Named like a picture, a sound or a font, and none by its bytes. */
  readonly misnamed?: Misnamed;
  /** Bits per byte of the whole; only for pictures, sounds, fonts, and what is named like one. */
  readonly entropy?: number;
}

export interface Trailing {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly entropy: number;
  readonly hex: string;
  readonly looksLike: string;
  /** Nothing but letters of base64. */
  readonly isBase64?: true;
}

export interface Misnamed {
  readonly looksLike: string;
  /** Reads like a program in a script's language. */
  readonly isScript?: true;
  readonly hex: string;
}

/** Longer ones are not read whole. */
const MOST_MEDIA_BYTES = 48 * 1024 * 1024;
const HEAD_BYTES = 4096;
const MEDIA_NAME =
  /\.(?:png|jpe?g|gif|bmp|ico|cur|webp|avif|heic|tiff?|wav|mp3|m4a|ogg|oga|flac|aiff?|mp4|m4v|mov|webm|avi|ttf|otf|ttc|woff2?|eot|icns)$/i;
/** What scripts begin or go on with; markup and pointers to other files are none. */
const SCRIPT =
  /\b(?:function\s*[\w$]*\s*\(|require\s*\(|import\s+[\w{*"']|eval\s*\(|=>|module\.exports|exec\s*\(|subprocess|powershell|Invoke-|#!\/)/i;
const MARKUP = /^\s*<(?:!doctype|html|\?xml|svg)|^version https:\/\/git-lfs/i;

export async function observeCarried(
  source: ByteSource,
  context: ObserveContext,
): Promise<Carried | undefined> {
  const { programs } = await sweep(source, context.budget);
  const own = await outsideSlices(source, programs.programs);
  const count = programs.count - programs.programs.length + own.length;
  const carried: Carried = {
    ...(own.length === 0 ? {} : { programs: own, programCount: count }),
    ...(programs.isFlooded === true ? { isFlooded: true as const } : {}),
    ...(NATIVE.has(context.format) ? {} : await observeMedia(source, context)),
  };
  return Object.keys(carried).length === 0 ? undefined : carried;
}

const NATIVE: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

async function observeMedia(
  source: ByteSource,
  { path, budget, maxHeldBytes }: ObserveContext,
): Promise<Carried> {
  budget.checkTime();
  const isNamed = MEDIA_NAME.test(path);
  const head = asBuffer(await source.read(0, HEAD_BYTES));
  const begins = readMedia(head);
  if (begins === undefined && !isNamed) return {};
  if (source.sizeBytes > Math.min(MOST_MEDIA_BYTES, maxHeldBytes)) return { media: begins?.kind ?? "" };
  const bytes = asBuffer(await source.read(0, source.sizeBytes));
  const entropy = entropyOf(bytes);
  const media = readMedia(bytes);
  if (media === undefined) return { entropy, misnamed: describeMisnamed(head) };
  if (media.endBytes === undefined) return { media: media.kind, entropy, isBroken: true };
  const trailing = describeTrailing(bytes, media.endBytes);
  return { media: media.kind, entropy, ...(trailing === undefined ? {} : { trailing }) };
}

function describeMisnamed(head: Buffer): Misnamed {
  const looks = looksLike(head);
  const text = head.toString("latin1");
  const isScript = looks === "text" && !MARKUP.test(text) && SCRIPT.test(text);
  return { looksLike: looks, hex: head.toString("hex", 0, 32), ...(isScript ? { isScript } : {}) };
}

/** Zeros and line ends behind the end are padding. */
function describeTrailing(bytes: Buffer, end: number): Trailing | undefined {
  const rest = bytes.subarray(end);
  if (rest.every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d)) return undefined;
  const text = rest.toString("latin1", 0, 64 * 1024);
  const isBase64 = rest.length >= 16 && /^[^A-Za-z0-9+/]{0,2}[A-Za-z0-9+/_-]+={0,2}\s*$/.test(text);
  return {
    offsetBytes: end,
    sizeBytes: rest.length,
    entropy: entropyOf(rest),
    hex: rest.toString("hex", 0, 32),
    looksLike: looksLike(rest.subarray(0, HEAD_BYTES)),
    ...(isBase64 ? { isBase64 } : {}),
  };
}
