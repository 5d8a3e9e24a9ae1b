/** Do the versions that a release and its parts claim go the right way, and together? @module */

import { memberKind } from "../member-kind.ts";
import { lastPart, readSmallText } from "../small-text.ts";
import {
  type CompareContext,
  type Difference,
  observed,
  type Pair,
  type Portrait,
  type Trait,
} from "../trait.ts";
import { agree, compareVersions, readVersion } from "./compare-versions.ts";
import { statedVersions } from "./stated.ts";

const MOST_BYTES = 1024 * 1024;

interface Stated {
  readonly versions: readonly string[];
}

type Told = Difference & { readonly path: string };

export const version: Trait<Stated> = {
  id: "version",
  title: "Versions",
  question: "Do the versions that it claims go forward, and does its content agree?",
  document: "Debian Policy §5.6.12; SemVer 2.0; PEP 440; Microsoft, VERSIONINFO; MITRE ATT&CK T1562.010",
  rules: {
    "released-again": "Other content came under the same version.",
    downgrade: "The release says it is older than the old one.",
    "content-older": "The release says it is newer, and its own program says it is older.",
    "part-older": "A part is older than it was.",
  },
  async observe(source, context) {
    const text = await readSmallText(source, MOST_BYTES);
    context.budget.checkTime();
    const versions = text === undefined ? [] : statedVersions(text);
    return versions.length === 0 ? undefined : { versions };
  },
  *compareReleases(context) {
    const claims = { before: versionOf(context.before.root), after: versionOf(context.after.root) };
    yield* compareClaims(claims, context);
    for (const pair of context.pairs) {
      context.budget.checkTime();
      yield* comparePart(pair, claims);
    }
  },
};

interface Claims {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const versionOf = (portrait: Portrait | undefined): string | undefined =>
  readVersion(portrait?.member.identity?.version);

/** Kinds of package whose version is the key under which everybody gets the same bytes. */
const REGISTERED: ReadonlySet<string> = new Set([
  "npm",
  "deb",
  "rpm",
  "whl",
  "wheel",
  "sdist",
  "gem",
  "crate",
  "nupkg",
  "conda",
  "vsix",
  "jar",
  "apk",
  "msi",
  "appx",
  "msix",
  "snap",
]);

function* compareClaims({ before, after }: Claims, context: CompareContext): Generator<Told> {
  if (before === undefined || after === undefined) return;
  const [old, fresh] = [context.before.root.member, context.after.root.member];
  const isSameProduct = old.identity?.product === fresh.identity?.product && old.format === fresh.format;
  const order = compareVersions(after, before);
  const texts = { before: { text: before }, after: { text: after } };
  if (order < 0)
    yield {
      rule: "downgrade",
      risk: "medium",
      because: `says it is ${after}, which is older than ${before}`,
      path: "",
      ...texts,
    };
  if (order !== 0 || !isSameProduct || isSamePlatform(old, fresh) === false || !hasOtherContent(context))
    return;
  const risk = REGISTERED.has(fresh.format) ? "high" : "medium";
  yield {
    rule: "released-again",
    risk,
    because: `is other content under the same version ${after}`,
    path: "",
    ...texts,
  };
}

/** One version for several processors is several releases. */
const isSamePlatform = (old: Portrait["member"], fresh: Portrait["member"]): boolean =>
  old.identity?.architecture === fresh.identity?.architecture;

/** The root's own bytes may differ by how they are packed, and by a signature that came later. */
function hasOtherContent({ pairs }: CompareContext): boolean {
  const inner = pairs.filter(({ before, after }) => (after ?? before)?.member.path !== "");
  if (inner.length === 0) return isOtherProgram(pairs[0]);
  return inner.some((pair) => {
    const portrait = pair.after ?? pair.before;
    return !holdsOthers(portrait) && !SIGNATURES.test(portrait?.member.path ?? "") && isOther(pair);
  });
}

const isOther = (pair: Pair | undefined): boolean =>
  pair?.before?.member.sha256 !== pair?.after?.member.sha256;

/** Of a program that is the whole release, a signature changes the bytes and not the code; the rest has other traits. */
function isOtherProgram(pair: Pair | undefined): boolean {
  const digest = pair?.after?.member.identity?.codeDigest;
  return isOther(pair) && (digest === undefined || digest !== pair?.before?.member.identity?.codeDigest);
}

/** Where each kind of package keeps its signatures. */
const SIGNATURES =
  /(?:^|\/)(?:\[5\](?:Msi)?DigitalSignature(?:Ex)?|\.signature\.p7s|AppxSignature\.p7x|META-INF\/[^/]+\.(?:SF|RSA|DSA|EC|MF)|_gpg[a-z]*|_CodeSignature\/[^/]+|package\/services\/digital-signature\/.+)$/;

/** What only packs its members differs when it packs them differently. */
const holdsOthers = (portrait: Portrait | undefined): boolean => PACKINGS.has(portrait?.member.format ?? "");
const PACKINGS: ReadonlySet<string> = new Set([
  "tar",
  "gzip",
  "xz",
  "zstd",
  "bzip2",
  "cpio",
  "zip",
  "lzma",
  "cab",
]);

function* comparePart({ before, after, how }: Pair, claims: Claims): Generator<Told> {
  if (before === undefined || after === undefined || after.member.path === "") return;
  // Alike in content and of another name, it is another file with a version of its own.
  if (how === "similarity" && lastPart(before.member.path) !== lastPart(after.member.path)) return;
  if (before.member.sha256 === after.member.sha256) return;
  yield* compareProgram(before, after, claims);
  yield* compareStated(before, after, claims);
}

function* compareProgram(before: Portrait, after: Portrait, claims: Claims): Generator<Told> {
  const [was, now] = [versionOf(before), versionOf(after)];
  if (was === undefined || now === undefined || compareVersions(now, was) >= 0) return;
  // It claims what the release claims, which is told of the release.
  if (was === claims.before && now === claims.after) return;
  // A build number that is a date or a counter of another branch says nothing of age.
  if (was.split(".").length !== now.split(".").length) return;
  const { path, format } = after.member;
  const isOwn = agree(was, claims.before) && memberKind(format, path) === "native";
  const texts = { before: { text: was }, after: { text: now } };
  if (isOwn && isNewer(claims))
    yield {
      rule: "content-older",
      risk: "high",
      because: `says it is ${now}, in a release that says it is ${claims.after}; before both said ${was}`,
      path,
      ...texts,
    };
  else
    yield {
      rule: "part-older",
      risk: isNewer(claims) || claims.after === undefined ? "medium" : "info",
      because: `says it is ${now}, which is older than ${was} as it was`,
      path,
      ...texts,
    };
}

const isNewer = ({ before, after }: Claims): boolean =>
  before !== undefined && after !== undefined && compareVersions(after, before) >= 0;

/** A script that stated the release's own version, and now states one from before it. */
function* compareStated(before: Portrait, after: Portrait, claims: Claims): Generator<Told> {
  const old = observed<Stated>(before, version)?.versions ?? [];
  const fresh = observed<Stated>(after, version)?.versions ?? [];
  const claimed = claims.before;
  if (claimed === undefined || !isNewer(claims) || !old.includes(claimed) || fresh.length === 0) return;
  // Versions of other things stand in both; what took the place of its own is what counts.
  const replaced = fresh.filter((text) => !old.includes(text));
  if (fresh.includes(claimed) || replaced.length !== 1) return;
  const [stated = ""] = replaced;
  if (compareVersions(stated, claimed) >= 0) return;
  yield {
    rule: "content-older",
    risk: "high",
    because: `states ${stated}, in a release that says it is ${claims.after}; before it stated ${claimed}`,
    path: after.member.path,
    before: { text: old.join("\n") },
    after: { text: fresh.join("\n") },
  };
}
