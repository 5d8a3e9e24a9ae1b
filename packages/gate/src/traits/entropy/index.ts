import { asBuffer } from "@sallyport/core";
import { readMedia } from "../hidden-payload/media.ts";
import { type MemberKind, memberKind } from "../member-kind.ts";
import { type Difference, defineTrait, type Excerpt, observed, type Risk, type Trait } from "../trait.ts";
import { type DenseRegion, type Density, findDense } from "./regions.ts";

/** What is kept of a member. */
export interface Entropy extends Density {
  readonly sizeBytes: number;
}

export const entropy: Trait<Entropy> = defineTrait<Entropy>({
  id: "entropy",
  title: "Regions that read like noise",
  question: "Is there packed or encrypted data that was not there before?",
  document:
    "Lyda, Hamrock: Using Entropy Analysis to Find Encrypted and Packed Malware (2007); MITRE ATT&CK T1027.002, T1027.013",
  rules: {
    packed: "Most of it reads like noise, and did not.",
    "first-dense-region": "A program that held no packed or encrypted data holds some.",
    "more-dense-data": "Holds much more packed or encrypted data than before.",
    "dense-file-added": "A new file is packed or encrypted by nothing that is known.",
  },
  async observe(source, context) {
    const kind = memberKind(context.format, context.path);
    if (kind !== "native" && kind !== "data") return undefined;
    // Pictures, sounds and fonts are packed by nature; whether they still are what they say is asked elsewhere.
    if (kind === "data" && readMedia(asBuffer(await source.read(0, HEAD_BYTES))) !== undefined)
      return undefined;
    const density = await findDense(source, context.budget);
    return density.denseBytes === 0 ? undefined : { sizeBytes: source.sizeBytes, ...density };
  },
  *compare({ before, after }) {
    const now = observed(after, entropy);
    if (after === undefined || now === undefined) return;
    const kind = memberKind(after.member.format, after.member.path);
    if (before === undefined) yield* compareAdded(now, { kind, sizeBytes: after.member.sizeBytes });
    else yield* compareDensity(observed(before, entropy), now, { kind, sizeBytes: before.member.sizeBytes });
  },
});

const HEAD_BYTES = 64;
const PACKED_SHARE = 0.75;
const UNPACKED_SHARE = 0.35;
/** Tables of a cipher or of a curve are random by nature, and smaller. */
const LEAST_BYTES = 16 * 1024;
const MUCH_BYTES = 128 * 1024;
const MUCH_MORE = 0.5;

interface Where {
  readonly kind: MemberKind;
  /** Of the member before; of the member itself when it is new. */
  readonly sizeBytes: number;
}

function* compareDensity(
  was: Density | undefined,
  now: Entropy,
  { kind, sizeBytes }: Where,
): Generator<Difference> {
  const shareBefore = (was?.denseBytes ?? 0) / Math.max(1, sizeBytes);
  const shareAfter = now.denseBytes / Math.max(1, now.sizeBytes);
  const facts = { denseBytesBefore: was?.denseBytes ?? 0, denseBytesAfter: now.denseBytes };
  const isTelling = Math.min(sizeBytes, now.sizeBytes) >= LEAST_BYTES;
  if (isTelling && shareAfter >= PACKED_SHARE && shareBefore < UNPACKED_SHARE) {
    const risk: Risk = kind === "native" ? "high" : isKnown(now) ? "low" : "medium";
    yield {
      rule: "packed",
      risk,
      because: "reads like noise for the most part, and did not",
      after: show(largestNew(was, now)),
      facts,
    };
    return;
  }
  const unknownGain = now.denseBytes - now.knownBytes - ((was?.denseBytes ?? 0) - (was?.knownBytes ?? 0));
  if (kind !== "native" || unknownGain < LEAST_BYTES) return;
  const isFirst = was === undefined || was.denseBytes === was.knownBytes;
  if (isFirst)
    yield {
      rule: "first-dense-region",
      risk: "medium",
      because: "holds data that is packed or encrypted by nothing that is known, and held none",
      after: show(largestNew(was, now)),
      facts,
    };
  else if (unknownGain >= MUCH_BYTES && unknownGain >= was.denseBytes * MUCH_MORE)
    yield {
      rule: "more-dense-data",
      risk: "low",
      because: "holds much more data that is packed or encrypted than before",
      after: show(largestNew(was, now)),
      facts,
    };
}

function* compareAdded(now: Entropy, { kind, sizeBytes }: Where): Generator<Difference> {
  if (isKnown(now) || now.denseBytes < PACKED_SHARE * sizeBytes || sizeBytes < LEAST_BYTES) return;
  yield {
    rule: "dense-file-added",
    risk: kind === "native" ? "medium" : "low",
    because: "is packed or encrypted by nothing that is known",
    after: show(largestNew(undefined, now)),
  };
}

const isKnown = (density: Density): boolean => density.knownBytes > density.denseBytes / 2;

/** The largest region that does not begin like one that was there. */
function largestNew(was: Density | undefined, now: Density): DenseRegion | undefined {
  const old = new Set((was?.regions ?? []).map(({ hex }) => hex));
  const fresh = now.regions.filter(({ hex, begins }) => !old.has(hex) && begins === undefined);
  return (fresh.length > 0 ? fresh : now.regions).toSorted((a, b) => b.sizeBytes - a.sizeBytes)[0];
}

const show = (region: DenseRegion | undefined): Excerpt =>
  region === undefined
    ? {}
    : {
        offsetBytes: region.offsetBytes,
        hex: region.hex,
        text: `${region.sizeBytes} bytes that read like noise`,
      };
