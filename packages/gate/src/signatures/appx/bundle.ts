/**
 * The packages of a bundle: Windows reads them at the offsets that the bundle's manifest gives, so these must be where
 * the archive has them, and what it names must be there and nothing else.
 * Source: Microsoft Learn, "Bundle manifest schema", "Package".
 * @module
 */

import { type Budget, type ByteSource, RangeSource } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { openZipLookup, type ZipEntry, type ZipLookup } from "../../formats/zip/lookup.ts";
import { type BundledPackage, type Manifest, readManifest } from "./manifest.ts";
import { fileNameOf } from "./names.ts";

const PACKAGE_NAME = /\.(?:appx|msix)$/i;

export const isPackage = (entry: ZipEntry): boolean => PACKAGE_NAME.test(entry.name);

/** @returns findings of checks `structure`, `integrity` and `opened` */
export async function judgeBundle(
  { source, zip }: { source: ByteSource; zip: ZipLookup },
  manifest: Manifest,
  budget: Budget,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const listed = new Set<string>();
  const members = new Map(zip.entries.map((entry) => [fileNameOf(entry.name), entry]));
  for (const bundled of manifest.packages) {
    const { fileName } = bundled;
    if (listed.has(fileName)) {
      findings.push(fail("its bundle lists it twice", fileName));
      continue;
    }
    listed.add(fileName);
    budget.checkTime();
    const member = members.get(fileName);
    if (member === undefined) findings.push(missing(bundled));
    else findings.push(...(await judgePackage({ source, zip, member, bundled }, manifest, budget)));
  }
  for (const [name, entry] of members)
    if (isPackage(entry) && !listed.has(name)) findings.push(fail("its bundle does not list it", entry.name));
  return findings;
}

/** A package with a place in the bundle must be there; one without is fetched from beside it. */
function missing({ fileName, offset }: BundledPackage): Finding {
  const name = fileName.slice(0, 200);
  if (offset !== undefined) return fail(`it lists ${name}, which is not inside`);
  const because = `it takes ${name} from beside it, which was not looked at`;
  return { check: "opened", outcome: "unknown", because, facts: {} };
}

async function judgePackage(
  asked: { source: ByteSource; zip: ZipLookup; member: ZipEntry; bundled: BundledPackage },
  manifest: Manifest,
  budget: Budget,
): Promise<Finding[]> {
  const { source, zip, member, bundled } = asked;
  const { dataOffset } = await zip.place(member);
  if (bundled.offset === undefined || bundled.sizeBytes === undefined)
    return [fail("its bundle does not say where it is", member.name)];
  if (member.method !== 0 || dataOffset !== bundled.offset || member.sizeBytes !== bundled.sizeBytes)
    return [fail("its bundle says that it lies elsewhere", member.name)];
  const inside = new RangeSource(source, dataOffset, member.sizeBytes);
  const inner = await readManifest(await openZipLookup(inside, budget));
  if (inner === undefined || inner.isBundle) return [fail("it is not a package", member.name)];
  if (inner.publisher === manifest.publisher && inner.name === manifest.name) return [];
  return [fail("it says it is of another publisher or product than its bundle", member.name)];
}

const fail = (because: string, member?: string): Finding => ({
  check: "structure",
  outcome: "fail",
  because,
  facts: {},
  ...(member !== undefined && { member }),
});
