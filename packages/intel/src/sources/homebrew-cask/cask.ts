/** One cask as Homebrew's API tells it. Source: Homebrew, "Cask Cookbook" and formulae.brew.sh/docs/api. @module */

import type { Json, JsonObject } from "@sallyport/core";
import type { WitnessFact } from "../../fact.ts";
import { isJsonObject, member, optionalText, refuse, requiredText, textList } from "../../reading/index.ts";
import { sha256Of } from "../../witnesses/digest.ts";
import { downloadUrl } from "../../witnesses/web-address.ts";

const NO_CHECK = "no_check";
const MAX_VARIATIONS = 100;

export interface CaskReading {
  readonly token: string;
  readonly facts: readonly WitnessFact[];
  /** It, or a variation of it, has no hash: its address serves whatever is newest. */
  readonly isUnchecked: boolean;
}

/** @throws FeedError naming the member that is missing or wrong */
export function readCask(cask: Json): CaskReading {
  if (!isJsonObject(cask)) refuse("cask", "is no object");
  const token = requiredText(cask, "token", 200);
  const product = (textList(cask, "name")[0] ?? token).slice(0, 500);
  const files = filesOf(cask);
  const facts = new Map<string, WitnessFact>();
  for (const { sha256, version, url, architecture } of files) {
    if (sha256 === undefined) continue;
    const key = `${sha256} ${url ?? ""} ${architecture ?? ""}`;
    facts.set(key, {
      kind: "witness",
      witness: {
        sha256,
        packageId: token,
        product,
        version,
        ...(architecture !== undefined && { architecture }),
        ...(url !== undefined && { url }),
      },
    });
  }
  return {
    token,
    facts: [...facts.values()],
    isUnchecked: files.some(({ sha256 }) => sha256 === undefined),
  };
}

interface CaskFile {
  readonly sha256: string | undefined;
  readonly version: string;
  readonly url: string | undefined;
  readonly architecture: string | undefined;
}

/** What is said at the top is for the newest macOS on Arm; variations say what is different elsewhere. */
function filesOf(cask: JsonObject): readonly CaskFile[] {
  const variations = member(cask, "variations") ?? {};
  if (!isJsonObject(variations)) refuse("variations", "is no object");
  const named = Object.entries(variations);
  if (named.length > MAX_VARIATIONS) refuse("variations", `has more than ${MAX_VARIATIONS} members`);
  const differing = named.filter(([, part]) =>
    ["sha256", "url"].some((name) => member(part, name) !== undefined),
  );
  const isArm = differing.some(([system]) => isMacOnIntel(system));
  const top = fileOf(cask, cask, isArm ? "arm64" : undefined);
  return [top, ...differing.map(([system, part]) => fileOf(cask, part, architectureOf(system)))];
}

function fileOf(cask: JsonObject, part: Json, architecture: string | undefined): CaskFile {
  const said = (name: string) => optionalText(part, name, 4096) ?? optionalText(cask, name, 4096);
  const hash = said("sha256") ?? NO_CHECK;
  const sha256 = sha256Of(hash);
  if (sha256 === undefined && hash !== NO_CHECK) refuse("sha256", "is no SHA-256");
  const url = said("url");
  // Behind the comma stands what only the address needs.
  const [version = ""] = (said("version") ?? refuse("version", "is missing")).split(",");
  return { sha256, version, url: url === undefined ? undefined : downloadUrl(url), architecture };
}

/** `arm64_sonoma`, `x86_64_linux`; a macOS alone is one on Intel. */
const architectureOf = (system: string): string => (system.startsWith("arm64_") ? "arm64" : "x64");

const isMacOnIntel = (system: string): boolean => !/^arm64_|_linux$/.test(system);
