/**
 * Reads an XML document strictly and within bounds. saxes checks that it is well formed; what could make two readers
 * see two documents, or one reader read without end, is refused: document types, other versions, other encodings,
 * depth, size. Sources: XML 1.0 (Fifth Edition); Namespaces in XML 1.0.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { SaxesParser, type SaxesTagNS } from "saxes";
import { decodeXml } from "./decode.ts";
import type { XmlElement } from "./element.ts";

export interface XmlLimits {
  /** Default 32 MiB. */
  readonly maxBytes?: number;
  /** Elements, attributes and stretches of text together; default 500,000, which take some 300 MB. */
  readonly maxNodes?: number;
  /** Default 100. */
  readonly maxDepth?: number;
  /** A document type that only names one, as property lists have; never one that defines anything. Default no. */
  readonly allowsDocumentType?: boolean;
}

export interface XmlDocument {
  readonly root: XmlElement;
  /** Comments and processing instructions are read past; whoever signs canonical XML has to know of them. */
  readonly commentCount: number;
  readonly instructionCount: number;
}

/** @returns the root element, as {@link readXmlDocument} */
export const readXml = (bytes: Buffer, limits: XmlLimits = {}): XmlElement =>
  readXmlDocument(bytes, limits).root;

/**
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`, `artifact.unsupported`
 */
export function readXmlDocument(bytes: Buffer, limits: XmlLimits = {}): XmlDocument {
  const { maxBytes = 32 * 1024 * 1024 } = limits;
  if (bytes.length > maxBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `XML: a document of ${bytes.length} bytes is larger than is read here`,
    );
  return new TreeBuilder(limits).read(decodeXml(bytes));
}

const XML_DECLARATIONS = "http://www.w3.org/2000/xmlns/";
const NOTHING: ReadonlyMap<string, string> = new Map();
/** Prefixes in scope at once. Whoever writes canonical XML copies them for each element that declares another. */
const MAX_PREFIXES = 128;

interface OpenElement extends XmlElement {
  readonly children: (XmlElement | string)[];
  text: string;
}

class TreeBuilder {
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  /** How many of the open elements declare a prefix. */
  readonly #prefixes = new Map<string, number>();
  #root: XmlElement | undefined;
  #nodes = 0;
  #comments = 0;
  #instructions = 0;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  read(text: string): XmlDocument {
    const parser = new SaxesParser({ xmlns: true, position: true });
    parser.on("error", ({ message }) => {
      throw malformed(message.slice(0, 200));
    });
    parser.on("xmldecl", ({ version }) => {
      if (version !== undefined && version !== "1.0")
        throw new ArtifactError("artifact.unsupported", "XML: only version 1.0 is read here");
    });
    parser.on("doctype", (type) => this.#judgeDocumentType(type));
    parser.on("attribute", () => this.#count());
    parser.on("opentag", (tag) => this.#begin(tag));
    parser.on("closetag", () => this.#end());
    parser.on("text", (piece) => this.#add(piece));
    parser.on("cdata", (piece) => this.#add(piece));
    parser.on("comment", () => {
      this.#comments += 1;
    });
    parser.on("processinginstruction", () => {
      this.#instructions += 1;
    });
    parser.write(text).close();
    if (this.#root === undefined) throw malformed("has no element");
    return { root: this.#root, commentCount: this.#comments, instructionCount: this.#instructions };
  }

  #judgeDocumentType(type: string): void {
    if (this.#limits.allowsDocumentType !== true || type.includes("["))
      throw malformed("has a document type, which can make one document mean two things");
  }

  #count(): void {
    this.#nodes += 1;
    const { maxNodes = 500_000 } = this.#limits;
    if (this.#nodes > maxNodes)
      throw new ArtifactError(
        "artifact.over-limit",
        `XML: has more than ${maxNodes} elements, attributes and texts`,
      );
  }

  #begin(tag: SaxesTagNS): void {
    const { maxDepth = 100 } = this.#limits;
    this.#count();
    if (this.#open.length >= maxDepth)
      throw new ArtifactError("artifact.over-limit", `XML: nests deeper than ${maxDepth} elements`);
    const element: OpenElement = {
      name: tag.local,
      prefix: tag.prefix,
      namespace: tag.uri,
      ...divideAttributes(tag),
      children: [],
      text: "",
    };
    this.#enter(element);
    this.#open.at(-1)?.children.push(element);
    this.#open.push(element);
    this.#root ??= element;
  }

  #enter({ declarations }: XmlElement): void {
    for (const prefix of declarations.keys())
      this.#prefixes.set(prefix, (this.#prefixes.get(prefix) ?? 0) + 1);
    if (this.#prefixes.size > MAX_PREFIXES)
      throw new ArtifactError(
        "artifact.over-limit",
        `XML: has more than ${MAX_PREFIXES} namespaces in one place`,
      );
  }

  #end(): void {
    for (const prefix of this.#open.pop()?.declarations.keys() ?? []) {
      const left = (this.#prefixes.get(prefix) ?? 0) - 1;
      if (left > 0) this.#prefixes.set(prefix, left);
      else this.#prefixes.delete(prefix);
    }
  }

  /** Text outside of the root is white space, or the parser has refused it. */
  #add(piece: string): void {
    const element = this.#open.at(-1);
    if (element === undefined || piece === "") return;
    this.#count();
    element.children.push(piece);
    element.text += piece;
  }
}

function divideAttributes(
  tag: SaxesTagNS,
): Pick<XmlElement, "attributes" | "attributePrefixes" | "declarations"> {
  const all = Object.values(tag.attributes);
  if (all.length === 0) return { attributes: NOTHING, attributePrefixes: NOTHING, declarations: NOTHING };
  const declared = all.filter(({ uri }) => uri === XML_DECLARATIONS);
  const plain = all.filter(({ uri }) => uri !== XML_DECLARATIONS);
  const keyed = plain.map(({ uri, local, prefix, value }) => ({
    key: uri === "" ? local : `{${uri}}${local}`,
    prefix,
    value,
  }));
  return {
    attributes: new Map(keyed.map(({ key, value }) => [key, value])),
    attributePrefixes: new Map(
      keyed.filter(({ prefix }) => prefix !== "").map(({ key, prefix }) => [key, prefix]),
    ),
    declarations: new Map(declared.map(({ prefix, local, value }) => [prefix === "" ? "" : local, value])),
  };
}

const malformed = (message: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `XML: ${message}`);
