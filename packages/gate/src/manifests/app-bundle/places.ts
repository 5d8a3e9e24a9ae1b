/**
 * Where bundles stand and what is whose: an app keeps everything in `Contents`, a framework in `Versions/A`, and apps of
 * phones keep all in one folder. Source: Apple, Bundle Programming Guide; Security, `bundlediskrep.cpp`.
 * @module
 */

import type { JsonObject } from "@sallyport/core";
import type { ContainerContents, SeenMember } from "../manifest.ts";

export const RESOURCES = "_CodeSignature/CodeResources";

/** What `slot` means in the CodeDirectory of a bundle's program. */
const SLOT = { informationList: 1, resources: 3 } as const;

export interface Bundle {
  /** Ends with `/`: what the list of resources counts from. */
  readonly base: string;
  /** Of the program, in the container. */
  readonly program: string;
  /** By every slice and CodeDirectory; each must hold. */
  readonly informationLists: readonly SealedHash[];
  readonly resources: readonly SealedHash[];
}

export interface SealedHash {
  readonly algorithm: string;
  /** Hex. */
  readonly hash: string;
}

const FOLDER =
  /(?:^|\/)(?:Contents|[^/]+\.(?:app|appex|bundle|component|dext|framework|kext|mdimporter|plugin|prefpane|qlgenerator|saver|service|systemextension|xpc))\//i;

export const isInBundle = (name: string): boolean => FOLDER.test(name);

/** The signed programs that a signature says are a bundle's, each with what it covers there. */
export function findBundles({ members }: ContainerContents): readonly Bundle[] {
  const bundles: Bundle[] = [];
  for (const [program, member] of members) {
    const outside = outsideOf(member);
    const hashesOf = (slot: number): SealedHash[] =>
      outside.flatMap((facts) => (facts.slot === slot ? (sealedHash(facts) ?? []) : []));
    const resources = hashesOf(SLOT.resources);
    const base = baseOf(program);
    if (resources.length === 0 || base === undefined) continue;
    bundles.push({ base, program, resources, informationLists: hashesOf(SLOT.informationList) });
  }
  return bundles;
}

/** Lists of resources that no program's signature covers, beside programs that somebody signed: put in their place. */
export function findLooseLists(
  { members }: ContainerContents,
  bundles: readonly Bundle[],
): readonly string[] {
  const covered = new Set(bundles.map(({ base }) => base));
  const signed = new Set<string>();
  for (const [program, member] of members) {
    const base = codeHashesOf(member).length > 0 ? baseOf(program) : undefined;
    if (base !== undefined && !covered.has(base)) signed.add(base + RESOURCES);
  }
  return [...signed].filter((name) => members.has(name));
}

/** What the code signatures of a member cover beside it, as the scheme reports it. */
function outsideOf({ signatures = [] }: SeenMember): JsonObject[] {
  return signatures
    .filter(({ scheme }) => scheme === "apple-code")
    .flatMap(({ facts }) => (Array.isArray(facts.outside) ? facts.outside : []))
    .filter((one): one is JsonObject => typeof one === "object" && one !== null && !Array.isArray(one));
}

const sealedHash = ({ algorithm, hash }: JsonObject): SealedHash | undefined =>
  typeof algorithm === "string" && typeof hash === "string" ? { algorithm, hash } : undefined;

/** What the code of a member is called by, in every slice: hex. */
export const codeHashesOf = ({ signatures = [] }: SeenMember): string[] =>
  signatures
    .filter(({ scheme }) => scheme === "apple-code")
    .flatMap(({ facts }) => (Array.isArray(facts.codeHashes) ? facts.codeHashes : []))
    .filter((hash): hash is string => typeof hash === "string");

/** undefined: a program that was taken out of its bundle. */
function baseOf(program: string): string | undefined {
  const folder = program.slice(0, program.lastIndexOf("/") + 1);
  if (/(?:^|\/)Contents\/MacOS\/$/.test(folder)) return folder.slice(0, -"MacOS/".length);
  return /\.[A-Za-z]+\/(?:Versions\/[^/]+\/)?$/.test(folder) && isInBundle(folder) ? folder : undefined;
}

/** Files that a list of resources never names, from its base. */
export function isNeverListed(name: string): boolean {
  return (
    /^(?:Info\.plist|Resources\/Info\.plist|PkgInfo|CodeResources)$/.test(name) ||
    /^(?:_CodeSignature|_MASReceipt)\//.test(name) ||
    /(?:^|\/)\.DS_Store$/.test(name) ||
    /^Resources\/[^/]+\.lproj\/locversion\.plist$/.test(name)
  );
}
