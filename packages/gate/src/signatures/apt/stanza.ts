/** Paragraphs of fields, as Debian's control files have them. Source: deb822(5). @module */

import { ArtifactError } from "@sallyport/core";

/** Field names in lower case; the lines of a value joined by LF, without the space that continues them. */
export type Stanza = ReadonlyMap<string, string>;

/** The spaces in front of a value are taken away afterwards: here they could be shared out in many ways. */
const FIELD = /^([!-9;-~]+):(.*)$/s;

/**
 * Reads one paragraph.
 * @throws {@link ArtifactError} `artifact.malformed` for lines that are no fields, and for fields given twice: one
 * reader takes the first, another the last
 */
export function readStanza(text: string): Stanza {
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (line.startsWith(" ") || line.startsWith("\t")) {
      if (last === undefined) throw malformed("a line that continues nothing");
      fields.set(last, `${fields.get(last) ?? ""}\n${line.slice(1)}`);
      continue;
    }
    const [, name, value = ""] = FIELD.exec(line) ?? [];
    if (name === undefined || name.startsWith("#") || name.startsWith("-"))
      throw malformed("a line that is no field");
    last = name.toLowerCase();
    if (fields.has(last)) throw malformed(`a field given twice: ${name.slice(0, 40)}`);
    fields.set(last, value.replace(/^[ \t]+/, "").trimEnd());
  }
  return fields;
}

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `apt: there is ${what}`);
