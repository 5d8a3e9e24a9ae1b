/** One element of an XML document, as others read it: names resolved, entities replaced. @module */

export interface XmlElement {
  /** Local name: `Reference`. */
  readonly name: string;
  /** As written, empty without one. It means nothing but to canonical XML. */
  readonly prefix: string;
  /** Empty when the element is in none. */
  readonly namespace: string;
  /** By local name; an attribute that is in a namespace by `{namespace}name`. Declarations are not among them. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The prefixes of those attributes that have one, by the same keys. */
  readonly attributePrefixes: ReadonlyMap<string, string>;
  /** Namespaces that this element declares, by prefix; `""` is the default one. */
  readonly declarations: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
  /** The text that stands directly inside, without that of elements inside. */
  readonly text: string;
}

/** The elements directly inside, of one name when it is given. */
export function elementsOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== "string" && (name === undefined || child.name === name),
  );
}

/** The only element of that name directly inside; undefined when there is none, or when there are several. */
export function onlyElement(element: XmlElement, name: string): XmlElement | undefined {
  const found = elementsOf(element, name);
  return found.length === 1 ? found[0] : undefined;
}
