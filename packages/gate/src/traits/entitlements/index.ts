/**
 * Entitlements and permissions: what a program may do because its signature or package asks for it. A trojan needs more
 * than the program it is put into; what holds the program back is in its way.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { inWords, listed } from "../executable/comparing.ts";
import { lastPart, readSmallText } from "../small-text.ts";
import { type Difference, defineTrait, observed, type Risk, type Trait } from "../trait.ts";
import { readAndroidGrants } from "./android.ts";
import { readBundleGrants, readCodeGrants } from "./apple.ts";
import type { Grants } from "./grants.ts";
import { judge } from "./risks.ts";
import { readExtensionGrants, readFlatpakGrants, readSnapGrants } from "./sandboxes.ts";
import { isUniversal } from "./universal.ts";
import { readPackageGrants, readProgramGrants } from "./windows.ts";

export const entitlements: Trait<Grants> = defineTrait<Grants>({
  id: "entitlements",
  title: "Entitlements and permissions",
  question: "Does it ask its system for rights it did not have, or give up what held it back?",
  document:
    "Apple, Entitlements; Microsoft Learn, App capability declarations; Android, Permissions; snap.yaml; flatpak-metadata(5)",
  rules: {
    "permission-gained": "It may do something that it could not do before.",
    "protection-lost": "What held it back is gone.",
    "permissions-beyond-view": "It asks for more than is compared.",
  },
  observe: (source, { format, path }) => readGrants(source, format, lastPart(path)),
  *compare(pair) {
    const [before, after] = [observed(pair.before, entitlements), observed(pair.after, entitlements)];
    if (before === undefined || after === undefined || before.kind !== after.kind) return;
    yield* compareGranted(before, after);
    yield* compareProtections(before, after);
  },
});

const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** By format for programs, by name for descriptions. */
async function readGrants(source: ByteSource, format: string, name: string): Promise<Grants | undefined> {
  if (format === "mach-o") return (await isUniversal(source)) ? undefined : readCodeGrants(source);
  if (format === "pe") return readProgramGrants(source);
  if (source.sizeBytes === 0 || source.sizeBytes > MAX_TEXT_BYTES) return undefined;
  const bytes = (): Promise<Buffer> => readExactly(source, 0, source.sizeBytes, "permissions");
  const text = (): Promise<string> => readSmallText(source, MAX_TEXT_BYTES).then((found) => found ?? "");
  switch (name) {
    case "Info.plist":
      return readBundleGrants(await bytes());
    case "AppxManifest.xml":
      return readPackageGrants(await bytes());
    case "AndroidManifest.xml":
      return readAndroidGrants(await bytes());
    case "snap.yaml":
      return readSnapGrants(await text());
    case "metadata":
      return readFlatpakGrants(await text());
    case "manifest.json":
      return readExtensionGrants(await text());
    default:
      return undefined;
  }
}

/** One sentence for each power, so that five permissions of one kind are one thing to look at. */
function* compareGranted(before: Grants, after: Grants): Generator<Difference> {
  const had = new Set(before.granted);
  const gains = new Map<string, { risk: Risk; power: string; names: string[] }>();
  for (const name of after.granted) {
    if (had.has(name)) continue;
    const { risk, power } = judge(after.kind, name);
    const key = `${risk} ${power}`;
    const known = gains.get(key);
    if (known === undefined) gains.set(key, { risk, power, names: [name] });
    else known.names.push(name);
  }
  for (const { risk, power, names } of gains.values())
    yield {
      rule: "permission-gained",
      risk,
      because: `may now ${power}: asks for ${inWords(names)}`,
      before: listed(before.granted),
      after: listed(names),
      facts: { kind: after.kind },
    };
  if (after.isCut === true && before.isCut !== true)
    yield {
      rule: "permissions-beyond-view",
      risk: "medium",
      because: "asks for more permissions than are compared",
    };
}

function* compareProtections(before: Grants, after: Grants): Generator<Difference> {
  const lost = before.protections.filter((name) => !after.protections.includes(name));
  if (lost.length === 0) return;
  yield {
    rule: "protection-lost",
    risk: "high",
    because: `gave up what held it back: ${inWords(lost)}`,
    before: listed(before.protections),
    after: listed(after.protections),
    facts: { kind: after.kind },
  };
}
