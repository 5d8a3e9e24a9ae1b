/**
 * Databases of packages as text: paragraphs of `Name: value`, with an empty line between them. A line that begins with a
 * blank goes on with the one before. Sources: deb822(5); Alpine, apk-v2 installed database.
 * @module
 */

export interface Paragraph {
  /** By name as it is written; of one that comes several times the first. */
  readonly fields: ReadonlyMap<string, string>;
}

/** @param longest - of the values that are kept; what goes on over lines is not needed of any */
export function* readParagraphs(text: string, longest = 4096): Generator<Paragraph> {
  let fields = new Map<string, string>();
  for (const line of lines(text)) {
    if (line === "") {
      if (fields.size > 0) yield { fields };
      fields = new Map();
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0 || line.startsWith(" ") || line.startsWith("\t")) continue;
    const name = line.slice(0, colon);
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1, colon + 1 + longest).trim());
  }
  if (fields.size > 0) yield { fields };
}

/** One at a time: a database has hundreds of thousands. */
function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, text[stop - 1] === "\r" ? stop - 1 : stop);
    start = stop + 1;
  }
}
