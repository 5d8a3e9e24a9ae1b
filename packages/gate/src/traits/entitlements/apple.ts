/**
 * What Apple's systems let a program do: entitlements in its code signature, and keys of its bundle's Info.plist.
 * Sources: Apple, Bundle Resources, "Entitlements" and "Information Property List"; xnu, osfmk/kern/cs_blobs.h.
 * @module
 */

import { type ByteSource, hasCode, readExactly } from "@sallyport/core";
import { readPropertyList } from "../../property-list/read-property-list.ts";
import {
  isArray,
  isDictionary,
  type PropertyDictionary,
  type PropertyValue,
} from "../../property-list/value.ts";
import { FLAG, readCodeDirectory } from "../../signatures/apple-code/code-directory.ts";
import { findSignedCode } from "../../signatures/apple-code/signed-code.ts";
import { readSuperBlob, SLOT } from "../../signatures/apple-code/super-blob.ts";
import { type Grants, makeGrants } from "./grants.ts";

const MAX_SIGNATURE_BYTES = 16 * 1024 * 1024;
const BLOB_HEADER_BYTES = 8;

/**
 * @param source - one thin image
 * @returns nothing granted and no protections for code that nobody signed
 * @throws {@link ArtifactError} when its signature is none
 */
export async function readCodeGrants(source: ByteSource): Promise<Grants> {
  const code = await findSignedCode(source, undefined);
  if (code === undefined) return makeGrants("apple-code", []);
  const { offsetBytes, sizeBytes } = code.signature;
  const heldBytes = Math.min(sizeBytes, MAX_SIGNATURE_BYTES);
  const { blobs } = readSuperBlob(await readExactly(source, offsetBytes, heldBytes, "code signature"));
  const blob = (slot: number): Buffer | undefined => blobs.find((one) => one.slot === slot)?.bytes;
  const directory = blob(SLOT.codeDirectory);
  const flags = directory === undefined ? 0 : readCodeDirectory(directory).flags;
  const list = blob(SLOT.entitlements)?.subarray(BLOB_HEADER_BYTES);
  const granted = list === undefined || list.length === 0 ? [] : flatten(readPropertyList(list));
  const hasNewForm = blob(SLOT.entitlementsDer) !== undefined;
  return makeGrants(
    "apple-code",
    // What stands in the newer form alone is not read, and must not come unseen.
    list === undefined && hasNewForm
      ? ["entitlements in DER alone"]
      : granted.filter((name) => name !== SANDBOX),
    [...protectionsOf(flags), ...(granted.includes(SANDBOX) ? ["sandbox"] : [])],
  );
}

const SANDBOX = "com.apple.security.app-sandbox";

const protectionsOf = (flags: number): string[] =>
  [
    [FLAG.runtime, "hardened runtime"],
    [FLAG.libraryValidation, "library validation"],
    [FLAG.restrict, "restricted loader"],
  ].flatMap(([flag, name]) => (typeof flag === "number" && (flags & flag) !== 0 ? [String(name)] : []));

/** `key` for what is true, `key: value` for texts and numbers, one for each item of a list; nothing for false. */
function flatten(list: PropertyDictionary, prefix = ""): string[] {
  return [...list].flatMap(([key, value]) => flattenValue(`${prefix}${key}`, value));
}

function flattenValue(name: string, value: PropertyValue): string[] {
  if (value === true) return [name];
  if (value === false) return [];
  if (isArray(value)) return value.flatMap((item) => flattenValue(name, item === true ? "true" : item));
  if (isDictionary(value)) return flatten(value, `${name}/`);
  return [
    `${name}: ${value instanceof Date ? value.toISOString() : Buffer.isBuffer(value) ? value.toString("hex") : value}`,
  ];
}

/** Keys that say what a program may do or is run with; the others name and describe it. */
const KEYS =
  /^(?:NS\w+UsageDescription|LSEnvironment|NSAppTransportSecurity|SMPrivilegedExecutables|LSUIElement|LSBackgroundOnly|NSUIElement|MachServices|CFBundleURLTypes|NSExtension|OSBundleUsageDescription|UIBackgroundModes)$/;
/** People read these; what they say is translated and reworded. */
const DESCRIPTION = /^NS\w+UsageDescription$/;
const INTEGRITY = "ElectronAsarIntegrity";

/** @returns undefined for what is no list in XML */
export function readBundleGrants(bytes: Buffer): Grants | undefined {
  let list: PropertyDictionary;
  try {
    list = readPropertyList(bytes);
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return undefined;
    throw error;
  }
  const granted = [...list].flatMap(([key, value]) => {
    if (!KEYS.test(key)) return [];
    if (DESCRIPTION.test(key)) return [key];
    // Numbers and texts stand for yes as well in older lists.
    return key.startsWith("LS") && (value === 1 || value === "1") ? [key] : flattenValue(key, value);
  });
  return makeGrants("apple-bundle", granted, list.has(INTEGRITY) ? ["integrity of its asar archive"] : []);
}
