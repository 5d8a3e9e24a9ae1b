/** What the host of an address is, and whether it is somebody's own. @module */

import { isIP } from "node:net";
import { domainToASCII, domainToUnicode } from "node:url";
import { editDistance, looksAscii, mixedScripts, skeletonOf } from "./look-alike.ts";

/** Shorter names differ in one letter by chance. */
const MIN_COMPARED_CHARACTERS = 6;
const MIN_TWO_EDITS_CHARACTERS = 12;

export type Likeness = "letters" | "name";

export interface Hop {
  readonly url: URL;
  /** As it is written in an address: ASCII, lower case, without a trailing dot. */
  readonly host: string;
  /** As people see it. */
  readonly shown: string;
}

/** @returns undefined for what is no address of the web */
export function readHop(text: string): Hop | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!["http:", "https:", "ftp:"].includes(url.protocol) || url.hostname === "") return undefined;
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  return { url, host, shown: domainToUnicode(host) || host };
}

/** @returns 4 or 6 for an address of the internet or of a network inside; 0 for a name */
export const ipVersionOf = ({ host }: Hop): number => isIP(host.replace(/^\[(.*)\]$/, "$1"));

/** Networks inside, this machine, and names that no public name server knows. Source: RFC 1918, 4193, 6761, 6762. */
export function isInside({ host }: Hop): boolean {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) === 4) return /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(`${bare}.`);
  if (isIP(bare) === 6) return bare === "::1" || /^(f[cd]|fe[89ab])/.test(bare);
  return !bare.includes(".") || /\.(local|localhost|internal|lan|home\.arpa|test|intranet|corp)$/.test(bare);
}

/** @param domains - as a person wrote them */
export const isBelow = ({ host }: Hop, domains: readonly string[]): boolean =>
  domains.map(toDomain).some((domain) => domain !== "" && (host === domain || host.endsWith(`.${domain}`)));

const toDomain = (text: string): string =>
  domainToASCII(text.trim().replace(/^\*?\.|\.$/g, "")).toLowerCase();

/**
 * What stands in front of an @ and looks like a host, however its points are written.
 * @returns undefined for a mere name of a user
 */
export function disguiseOf({ url: { username, password } }: Hop): string | undefined {
  const written = [username, password].filter((part) => part !== "").join(":");
  return /[.\u3002]/.test(decoded(written).normalize("NFKC")) ? written : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What is wrong with the name itself, whoever's it is.
 * @returns one sentence's end; undefined when nothing is
 */
export function deceit({ shown }: Hop): string | undefined {
  for (const label of shown.split(".")) {
    const scripts = mixedScripts(label);
    if (scripts.length > 0) return `mixes letters of ${scripts.join(" and ")} in ${label}`;
  }
  const labels = shown.split(".");
  const top = labels.at(-1) ?? "";
  const disguised = labels.slice(0, -1).find(looksAscii);
  return disguised !== undefined && /^[a-z]+$/.test(top)
    ? `is written in letters that only look like ${skeletonOf(disguised)}`
    : undefined;
}

/**
 * Whether it passes for one of these domains and is not below it: letters that look alike, few letters of difference, or the domain
 * in front of another.
 * @param by - `letters`: only by letters that look alike, where the name itself is no surprise
 * @returns the domain it resembles
 */
export function resembles(hop: Hop, domains: readonly string[], by: Likeness): string | undefined {
  if (isBelow(hop, domains)) return undefined;
  return domains
    .map(toDomain)
    .find((domain) => domain !== "" && passesFor(hop.shown, domainToUnicode(domain), by));
}

function passesFor(shown: string, domain: string, by: Likeness): boolean {
  const labels = shown.split(".");
  const count = domain.split(".").length;
  const end = labels.slice(-count).join(".");
  if (skeletonOf(end) === skeletonOf(domain)) return true;
  if (by === "letters") return false;
  if (domain.length >= MIN_COMPARED_CHARACTERS && `.${shown}.`.includes(`.${domain}.`)) return true;
  const own = mainLabel(domain);
  if (own.length < MIN_COMPARED_CHARACTERS) return false;
  const most = own.length >= MIN_TWO_EDITS_CHARACTERS ? 2 : 1;
  const name = mainLabel(end);
  // The very name under another ending is mostly the maker's as well: `mozilla.net`. It is not declared, and no disguise.
  if (name === own) return false;
  return (
    editDistance(skeletonOf(name), skeletonOf(own), most) <= most ||
    name.split("-").includes(own) ||
    (own.length >= MIN_TWO_EDITS_CHARACTERS && name.includes(own))
  );
}

/** The label that a domain is known by: the longest but the last. */
const mainLabel = (domain: string): string =>
  domain
    .split(".")
    .slice(0, -1)
    .reduce((longest, label) => (label.length > longest.length ? label : longest), "");

/**
 * A label that looks like a company's or product's name and is not written like it.
 * @returns the name it passes for
 */
export function passesForName({ shown }: Hop, names: readonly string[]): string | undefined {
  const labels = shown.split(".").slice(0, -1).map(squeeze);
  return names.find((name) =>
    // Domains are often named after the first word: `Example Software Ltd`.
    [squeeze(name), squeeze(name.split(/\s/)[0] ?? "")].some(
      (own) =>
        own.length >= MIN_COMPARED_CHARACTERS &&
        !labels.includes(own) &&
        labels.some((label) => skeletonOf(label) === skeletonOf(own)),
    ),
  );
}

const squeeze = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
