/** Installers inside a release whose content is another product's. Source: MITRE ATT&CK T1195.002. @module */

import type { ArtifactMember } from "../../artifact.ts";
import { withoutNumbers } from "../../diff/names.ts";
import { companyKey } from "../../signatures/company-name.ts";
import { nameWords } from "../identity/names.ts";
import { lastPart } from "../small-text.ts";
import type { CompareContext, Difference, Portrait, Release } from "../trait.ts";

const INSTALLERS: ReadonlySet<string> = new Set([
  "msi",
  "nsis",
  "inno",
  "burn",
  "xar",
  "dmg",
  "deb",
  "rpm",
  "appx",
  "msix",
  "snap",
]);
/** An installer of fewer files may well have others in its next version. */
const LEAST_NAMES = 5;
/** So little is left of the names when it is another product. */
const MOST_SHARED = 0.15;
const DEEPEST = 16;

/** @returns what an installer inside became that it was not */
export function* findSwapped({
  before,
  after,
  pairs,
  budget,
}: CompareContext): Generator<Difference & { readonly path: string }> {
  const inside = pairs.filter((pair) => isInner(pair.before) && pair.after !== undefined);
  if (inside.length === 0) return;
  const [old, fresh] = [namesInside(before), namesInside(after)];
  for (const pair of inside) {
    budget.checkTime();
    if (pair.before === undefined || pair.after === undefined) continue;
    const [was, now] = [pair.before.member, pair.after.member];
    if (was.format !== now.format) {
      const because = `was an installer of the kind ${was.format}, and is of the kind ${now.format} now`;
      yield { rule: "installer-swapped", risk: "high", because, path: now.path };
      continue;
    }
    const other = claimsAnother(was, now);
    if (other !== undefined) {
      yield { rule: "installer-swapped", risk: "high", because: other, path: now.path };
      continue;
    }
    const names = old.get(was.path) ?? new Set<string>();
    const left = [...names].filter((name) => fresh.get(now.path)?.has(name));
    if (was.sha256 === now.sha256 || names.size < LEAST_NAMES || left.length > names.size * MOST_SHARED)
      continue;
    yield {
      rule: "installer-swapped",
      risk: "high",
      because: `is an installer that holds ${left.length === 0 ? "none" : `${left.length}`} of the ${names.size} files that it held before`,
      path: now.path,
      before: { text: [...names].sort().slice(0, 40).join("\n") },
      after: { text: [...(fresh.get(now.path) ?? [])].sort().slice(0, 40).join("\n") },
    };
  }
}

/** Products are renamed and companies sold; both at once, for one file of a release, is another product. */
function claimsAnother(was: ArtifactMember, now: ArtifactMember): string | undefined {
  const [old, fresh] = [was.identity, now.identity];
  const [words, others] = [wordsOf(old?.product), wordsOf(fresh?.product)];
  const [maker, other] = [companyKey(old?.company), companyKey(fresh?.company)];
  if (words.size === 0 || others.size === 0 || maker === "" || other === "") return undefined;
  if (maker === other || !words.isDisjointFrom(others)) return undefined;
  return `is the installer of ${shown(fresh?.product)} by ${shown(fresh?.company)}, and was of ${shown(old?.product)} by ${shown(old?.company)}`;
}

const wordsOf = (product: string | undefined): ReadonlySet<string> =>
  new Set(nameWords(product).split(" ").filter(Boolean));

const SHOWN_CHARACTERS = 80;
const shown = (name = ""): string => name.slice(0, SHOWN_CHARACTERS);

const isInner = (portrait: Portrait | undefined): boolean =>
  portrait !== undefined && portrait.member.path !== "" && INSTALLERS.has(portrait.member.format);

/** By path of an installer inside: the names of everything in it, without numbers. */
function namesInside({ members }: Release): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const portrait of members) if (isInner(portrait)) found.set(portrait.member.path, new Set());
  if (found.size === 0) return found;
  for (const { member } of members) {
    let end = member.path.lastIndexOf("/");
    for (let depth = 0; end > 0 && depth < DEEPEST; depth += 1) {
      found.get(member.path.slice(0, end))?.add(withoutNumbers(lastPart(member.path)).toLowerCase());
      end = member.path.lastIndexOf("/", end - 1);
    }
  }
  return found;
}
