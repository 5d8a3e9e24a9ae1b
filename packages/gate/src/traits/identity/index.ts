/**
 * What files say of themselves, against what they said before, what they are, and who signed them. Anybody can write a
 * version resource; that a file stops saying what it said, or says that it is somebody's whose it is not, is telling.
 * @module
 */

import type { ArtifactMember, Identity } from "../../artifact.ts";
import { companyKey, isSameCompany } from "../../signatures/company-name.ts";
import { isProven } from "../../signatures/proven.ts";
import { lastPart } from "../small-text.ts";
import type { CompareContext, Difference, Pair, Trait } from "../trait.ts";
import { isNameOf, nameWords } from "./names.ts";

/** Formats whose company is who made them: of a package, it may be whoever packed it this time. */
const MADE: ReadonlySet<string> = new Set(["pe", "msi", "burn", "inno", "nsis"]);
const NATIVE: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

export const identity: Trait = {
  id: "identity",
  title: "Claimed identity",
  question: "Does each file still say that it is what it was, and is it?",
  document: "Microsoft, VERSIONINFO resource; System V gABI, DT_SONAME; Apple, mach-o/loader.h, LC_ID_DYLIB",
  rules: {
    "claims-a-maker": "It says it is from a company that signs its files here, and is not signed by it.",
    "company-changed": "It says another company made it.",
    "claims-another-file": "It said it was the file it is called after, and says it is another one now.",
    "claims-lost": "It said what it is and who made it, and says nothing now.",
    "architecture-changed": "It is for another processor.",
    "original-name-changed": "The name it was built under is another one.",
    "product-changed": "It says it belongs to another product.",
    relabelled: "It says it is another version, and its code is the same.",
  },
  *compareReleases(context) {
    const makers = signingMakers(context);
    for (const pair of context.pairs) {
      context.budget.checkTime();
      const { before, after } = pair;
      if (after === undefined || before?.member.sha256 === after.member.sha256) continue;
      for (const difference of compareMember(pair, makers)) yield { ...difference, path: after.member.path };
    }
  },
};

function* compareMember({ before, after, how }: Pair, makers: Makers): Generator<Difference> {
  if (after === undefined) return;
  const [old, fresh] = [before?.member, after.member];
  const falsely = claimsMaker(old, fresh, makers);
  if (falsely !== undefined) yield falsely;
  if (old === undefined || how === "similarity") return;
  if (falsely === undefined) yield* compareCompany(old, fresh);
  if (NATIVE.has(old.format) && old.format === fresh.format) yield* compareNative(old, fresh);
}

/** Companies by {@link companyKey} that signed every file here that says it is theirs, and more than one. */
type Makers = ReadonlySet<string>;

const LEAST_FILES = 2;

function signingMakers({ before }: CompareContext): Makers {
  const counts = new Map<string, { signed: number; all: number }>();
  for (const { member } of before.members) {
    const { company } = member.identity ?? {};
    if (member.path === "" || !NATIVE.has(member.format) || company === undefined) continue;
    const count = counts.get(companyKey(company)) ?? { signed: 0, all: 0 };
    count.all += 1;
    if (isSignedBy(company, member)) count.signed += 1;
    counts.set(companyKey(company), count);
  }
  // Whoever makes the release signs it; what it forgot to sign is told apart by the files' own signatures.
  const own = new Set(
    before.root.member.signatures.filter(isProven).map(({ signer }) => companyKey(signer?.organisation)),
  );
  const makers = [...counts].filter(
    ([key, { signed, all }]) => key !== "" && !own.has(key) && all >= LEAST_FILES && signed === all,
  );
  return new Set(makers.map(([key]) => key));
}

const isSignedBy = (company: string | undefined, { signatures }: ArtifactMember): boolean =>
  signatures.some(
    (report) =>
      isProven(report) && isSameCompany(company, report.signer?.organisation ?? report.signer?.commonName),
  );

/** A library put beside a program to be loaded in its place takes the name of one that is trusted. */
function claimsMaker(
  old: ArtifactMember | undefined,
  fresh: ArtifactMember,
  makers: Makers,
): Difference | undefined {
  const { company } = fresh.identity ?? {};
  if (!NATIVE.has(fresh.format) || !makers.has(companyKey(company)) || isSignedBy(company, fresh))
    return undefined;
  // One that was signed and is not any more is the business of the signers' own trait.
  if (old !== undefined && (isSignedBy(company, old) || isSameCompany(old.identity?.company, company)))
    return undefined;
  return {
    rule: "claims-a-maker",
    risk: "high",
    because: `says it is from ${shown(company)}, who signed all its files here, and is not signed by it`,
    after: { text: describe(fresh.identity) },
  };
}

function* compareCompany(old: ArtifactMember, fresh: ArtifactMember): Generator<Difference> {
  const [was, is] = [old.identity?.company, fresh.identity?.company];
  if (!MADE.has(fresh.format) || was === undefined || is === undefined || isSameCompany(was, is)) return;
  if (companyKey(was) === "" || companyKey(is) === "") return;
  const isSigned = isSignedBy(is, fresh);
  yield {
    rule: "company-changed",
    risk: isSigned ? "info" : fresh.path === "" ? "medium" : "low",
    because: `says it is from ${shown(is)}${isSigned ? ", who signed it," : ""} and was from ${shown(was)}`,
    ...excerpts(old, fresh),
  };
}

function* compareNative(old: ArtifactMember, fresh: ArtifactMember): Generator<Difference> {
  const [was, is] = [old.identity ?? {}, fresh.identity ?? {}];
  const about = excerpts(old, fresh);
  if (was.company !== undefined && is.company === undefined && is.product === undefined)
    yield {
      rule: "claims-lost",
      risk: "low",
      because: "does not say any more what it is and who made it",
      ...about,
    };
  if (was.architecture !== undefined && is.architecture !== undefined && isOtherProcessor(was, is))
    yield {
      rule: "architecture-changed",
      risk: "low",
      because: `is for ${is.architecture}, and was for ${was.architecture}`,
    };
  yield* compareNames({ was, is }, lastPart(fresh.path), about);
  const [product, now] = [nameWords(was.product), nameWords(is.product)];
  if (product !== "" && now !== "" && product !== now)
    yield {
      rule: "product-changed",
      risk: "info",
      because: `says it belongs to ${shown(is.product)}, and belonged to ${shown(was.product)}`,
      ...about,
    };
  if (is.codeDigest !== undefined && is.codeDigest === was.codeDigest && isOther(was.version, is.version))
    yield {
      rule: "relabelled",
      risk: "info",
      because: `says it is version ${shown(is.version)}, with the very code of ${shown(was.version)}`,
      ...about,
    };
}

function* compareNames(
  { was, is }: { was: Identity; is: Identity },
  fileName: string,
  about: Pick<Difference, "before" | "after">,
): Generator<Difference> {
  if (was.originalName === undefined || is.originalName === undefined) return;
  if (nameWords(lastPart(was.originalName)) === nameWords(lastPart(is.originalName))) return;
  const isImpostor = isNameOf(was.originalName, fileName) && !isNameOf(is.originalName, fileName);
  yield {
    rule: isImpostor ? "claims-another-file" : "original-name-changed",
    risk: isImpostor ? "medium" : "info",
    because: `says it was built as ${shown(is.originalName)}, and was built as ${shown(was.originalName)}`,
    ...about,
  };
}

/** A universal file that gained or lost a slice is the business of the slices' own trait. */
const isOtherProcessor = (
  { architecture: was = "" }: Identity,
  { architecture: is = "" }: Identity,
): boolean => was !== is && !was.includes("+") && !is.includes("+");

const isOther = (was: string | undefined, is: string | undefined): boolean =>
  was !== undefined && is !== undefined && was !== is;

const SHOWN_CHARACTERS = 80;
const shown = (text = ""): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;

const excerpts = (old: ArtifactMember, fresh: ArtifactMember): Pick<Difference, "before" | "after"> => ({
  before: { text: describe(old.identity) },
  after: { text: describe(fresh.identity) },
});

const describe = (claims: Identity = {}): string =>
  (["product", "company", "version", "originalName", "architecture"] as const)
    .flatMap((name) => (claims[name] === undefined ? [] : [`${name}: ${shown(claims[name])}`]))
    .join("\n");
