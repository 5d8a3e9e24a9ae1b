/**
 * Property lists in XML, read strictly: a key that is there twice, or a value without a key, would be read differently
 * by different readers. Source: Apple, PropertyList-1.0.dtd; CFPropertyList.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { elementsOf, type XmlElement } from "../xml/element.ts";
import { readXml } from "../xml/read-xml.ts";
import { isDictionary, type PropertyDictionary, type PropertyValue } from "./value.ts";

/** Those that seal a browser's resources come to some megabytes. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 50;

/**
 * @returns the dictionary that the list is
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`, `artifact.unsupported` for lists that are
 * not written in XML
 */
export function readPropertyList(bytes: Buffer): PropertyDictionary {
  if (bytes.toString("latin1", 0, 6) === "bplist")
    throw new ArtifactError("artifact.unsupported", "property list: it is not written in XML");
  const root = readXml(bytes, { maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH, allowsDocumentType: true });
  const [only, ...others] = elementsOf(root);
  if (root.name !== "plist" || only === undefined || others.length > 0)
    throw malformed("it is not one value in a plist");
  const value = readValue(only);
  if (!isDictionary(value)) throw malformed("it is not a dictionary");
  return value;
}

function readValue(element: XmlElement): PropertyValue {
  switch (element.name) {
    case "dict":
      return readDictionary(element);
    case "array":
      return elementsOf(element).map(readValue);
    case "string":
      return element.text;
    case "true":
      return true;
    case "false":
      return false;
    case "integer":
    case "real":
      return readNumber(element);
    case "data":
      return readData(element);
    case "date":
      return readDate(element);
    default:
      throw malformed(`${element.name.slice(0, 40)} is no kind of value`);
  }
}

function readDictionary(element: XmlElement): PropertyDictionary {
  const dictionary = new Map<string, PropertyValue>();
  const children = elementsOf(element);
  for (let at = 0; at < children.length; at += 2) {
    const [key, value] = [children[at], children[at + 1]];
    if (key?.name !== "key" || value === undefined) throw malformed("a dictionary is not keys and values");
    if (dictionary.has(key.text)) throw malformed(`the key ${key.text.slice(0, 80)} is there twice`);
    dictionary.set(key.text, readValue(value));
  }
  return dictionary;
}

/** Integers may be hexadecimal; beyond 2^53 they are not exact, and nothing here counts that far. */
function readNumber({ text, name }: XmlElement): number {
  const value = Number(text.trim());
  if (text.trim() === "" || Number.isNaN(value) || (name === "integer" && !Number.isInteger(value)))
    throw malformed("a number is not one");
  return value;
}

function readData({ text }: XmlElement): Buffer {
  const plain = text.replaceAll(/[ \t\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain) || plain.length % 4 !== 0)
    throw malformed("data is not written in base64");
  return Buffer.from(plain, "base64");
}

function readDate({ text }: XmlElement): Date {
  const date = new Date(text.trim());
  if (Number.isNaN(date.getTime())) throw malformed("a date is not one");
  return date;
}

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `property list: ${what}`);
