/** What an artifact, and what is inside it, says it is: what `retired` has to ask about. @module */

import type { Claim, Component, Identifier } from "@sallyport/core";
import type { Artifact, ArtifactMember, Identity } from "../../artifact.ts";
import { type SignatureReport, TRUSTED } from "../../signatures/scheme.ts";
import { fileNameOf } from "../claims.ts";
import type { Asked, Part } from "./asked.ts";
import { systemCareIn } from "./system-care.ts";

const MAX_PARTS = 5000;
const MAX_TEXT_CHARACTERS = 160;
const MAX_PATH_CHARACTERS = 240;
const MAX_IDENTIFIERS = 32;
const MAX_WAYS = 8;

/** @param label - the name it came under */
export function questionOf(artifact: Artifact, label: string): Asked {
  const { root } = artifact;
  const isSystems = systemCareIn(artifact);
  const trusted = root.signatures.find(({ integrity, trust }) => integrity === "pass" && TRUSTED.has(trust));
  const parts = partsOf(artifact, isSystems);
  const itself = itselfIn(artifact, isSystems);
  const own = [...waysToSay(root, label, trusted), ...itself.slice(0, MAX_WAYS)];
  const named = own.some(({ product }) => product !== undefined);
  const [inner, ...others] = named ? [] : parts.filter(({ kind }) => kind === "program");
  // An archive has no name of its own: what it is, is the one program that is in it.
  const isInner = inner !== undefined && others.length === 0;
  const rest = isInner ? parts.filter((part) => part !== inner) : parts;
  return {
    product: isInner ? [...own, inner.claim] : own,
    parts: rest.slice(0, MAX_PARTS),
    leftOutCount: Math.max(0, rest.length - MAX_PARTS) + Math.max(0, itself.length - MAX_WAYS),
    unlistedCount: [root, ...artifact.members].filter(({ unlisted = [] }) => unlisted.length > 0).length,
    ...timesOf(trusted),
  };
}

/** A file says its maker's name, and so does who signed it; of a file without names its own name says something. */
function waysToSay(root: ArtifactMember, label: string, trusted: SignatureReport | undefined): Claim[] {
  const { identity = {} } = root;
  const fileName = clip(fileNameOf(label));
  const identifiers = identifiersOf(root);
  const signer = trusted?.signer?.organisation ?? trusted?.signer?.commonName;
  const claims = [claimOf(identity, identifiers, fileName)];
  if (signer === undefined) return claims;
  const vendor = clip(signer);
  if (identity.product !== undefined && identity.company !== signer)
    claims.push({ ...claimOf(identity, identifiers, fileName), vendor });
  const named = nameIn(fileName);
  if (named !== undefined && named !== identity.product)
    claims.push({ ...claimOf({ ...identity, product: named }, [], fileName), vendor });
  return claims;
}

/** `X_TRADER_r7.17.90p608.exe` is named X_TRADER: what stands in front of the version. */
function nameIn(fileName: string): string | undefined {
  const stem = fileName.replace(/\.[a-z0-9]{1,8}$/i, "");
  const end = stem.search(/[-_. ][rv]?\d/i);
  const name = (end === -1 ? stem : stem.slice(0, end)).trim();
  return name.length < 3 ? undefined : name;
}

/** What was recognised in it under its own name is no part of it but itself, told with the maker that lists know. */
function itselfIn({ root, members }: Artifact, isSystems: IsSystems): readonly Claim[] {
  const found = new Map<string, Claim>();
  for (const member of [root, ...members])
    for (const component of member.components ?? []) {
      if (!isItself(component.product, root.identity?.product) || isSystems(member, component)) continue;
      const claim = componentClaim(component);
      found.set(JSON.stringify(claim), claim);
    }
  return [...found.values()];
}

/** `7-Zip` is what `7-Zip 24.07 (x64 edition)` is; `Electron` is not what `Electron Fiddle` is. */
function isItself(name: string, own: string | undefined): boolean {
  const [part, whole] = [name.trim().toLowerCase(), own?.trim().toLowerCase() ?? ""];
  return (
    part !== "" &&
    whole.startsWith(part) &&
    /^( v?\d[\w.]{0,40})?( ?\([^()]{0,60}\))?$/.test(whole.slice(part.length))
  );
}

type IsSystems = ReturnType<typeof systemCareIn>;

function partsOf({ root, members }: Artifact, isSystems: IsSystems): readonly Part[] {
  const parts = new Map<string, { -readonly [Name in keyof Part]: Part[Name] }>();
  const own = new Set(packagesOf(root.identifiers ?? []));
  const add = (claim: Claim, path: string, kind: Part["kind"], isSystem: boolean): void => {
    const [named] = packagesOf(claim.identifiers);
    if (named !== undefined && own.has(named) && !isSystem) return;
    const { product, vendor, version, identifiers } = claim;
    const names = named === undefined ? [product, vendor, version, identifiers] : [named];
    const key = JSON.stringify([...names, isSystem]);
    const known = parts.get(key);
    const shown = path.slice(-MAX_PATH_CHARACTERS);
    if (known === undefined)
      parts.set(key, { claim, path: shown, count: 1, kind, ...(isSystem && { isSystem }) });
    else {
      // A file and the description in it are one.
      if (!known.path.startsWith(`${shown}/`)) known.count += 1;
      if (kind === "program") known.kind = kind;
    }
  };
  for (const member of [root, ...members])
    for (const component of member.components ?? []) {
      const isSystem = isSystems(member, component);
      if (isItself(component.product, root.identity?.product) && !isSystem) continue;
      const kind = component.type === "operating-system" ? "system" : "component";
      add(componentClaim(component), member.path, kind, isSystem);
    }
  for (const member of members) {
    const { identity } = member;
    if (identity?.product === undefined || isOwn(identity, root.identity)) continue;
    const claim = claimOf(identity, identifiersOf(member));
    const isSystem = isSystems(member, { product: identity.product });
    add(claim, member.path, isLibrary(member) ? "library" : "program", isSystem);
  }
  return [...parts.values()];
}

/** A release of a package has one name, whatever what describes it calls the product. */
const packagesOf = (identifiers: readonly Identifier[]): readonly string[] =>
  identifiers.flatMap(({ kind, value }) => (kind === "purl" && RELEASE.test(value) ? [value] : []));

/** Of a registry; of `generic` names anybody's build may be meant. */
const RELEASE = /^pkg:(?!generic\/)[a-z.+-]{1,20}\/[^@?#]{1,300}@./i;

/**
 * A CPE tells whose code it is, and another may have built it and care for it: Oracle's OpenJDK ended years before
 * those of others.
 */
function componentClaim({ vendor, identifiers, confidence, ...names }: Component): Claim {
  const maker = letters(vendor ?? "");
  const own = identifiers.filter(({ kind, value }) => {
    const named = letters(/^cpe:(?:2\.3:[aho]|\/[aho]):([^:]*)/.exec(value)?.[1] ?? "");
    // What was known by a mark has both its maker and its CPE from the row of that mark.
    return (
      kind !== "cpe" ||
      confidence === "marked" ||
      named === "" ||
      maker === "" ||
      maker.includes(named) ||
      named.includes(maker)
    );
  });
  return claimOf({ ...names, company: vendor }, own);
}

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** What the artifact brings under its own name is no part of another product. */
const isOwn = (identity: Identity, own: Identity | undefined): boolean =>
  identity.product === own?.product && (identity.company === own?.company || own?.company === undefined);

/** Told by its name: all that follows is whether its end is shown or asks for a person. */
const isLibrary = ({ path, format }: ArtifactMember): boolean =>
  /\.(dll|ocx|sys|drv|cpl|ax|mui|node|pyd|so|dylib|jar)$/i.test(path) ||
  /\.so\.[\d.]+$/.test(path) ||
  format === "data";

interface Names {
  readonly product?: string | undefined;
  readonly company?: string | undefined;
  readonly version?: string | undefined;
}

function claimOf(
  { product, company, version }: Names,
  identifiers: readonly Identifier[],
  fileName?: string,
): Claim {
  return {
    ...(product !== undefined && { product: clip(product) }),
    ...(company !== undefined && { vendor: clip(company) }),
    ...(version !== undefined && { version: clip(version) }),
    ...(fileName !== undefined && { fileName }),
    identifiers,
  };
}

const identifiersOf = ({ identifiers = [] }: ArtifactMember): readonly Identifier[] =>
  identifiers
    .slice(0, MAX_IDENTIFIERS)
    .map(({ kind, value }) => ({ kind, value: value.slice(0, MAX_PATH_CHARACTERS) }));

const clip = (text: string): string => text.trim().slice(0, MAX_TEXT_CHARACTERS).toWellFormed();

/** Only what a timestamp proves: a certificate's own dates say nothing of when it was used. */
function timesOf(trusted: SignatureReport | undefined): Pick<Asked, "signedAt" | "certificateUntil"> {
  const { timestamp, signer } = trusted ?? {};
  if (timestamp?.verified !== true || timestamp.kind !== "rfc3161" || signer?.validUntil === undefined)
    return {};
  return { signedAt: timestamp.at, certificateUntil: signer.validUntil };
}
