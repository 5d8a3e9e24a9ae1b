/** What a package says it is. Source: NuGet, ".nuspec File Reference"; Chocolatey follows it. @module */

import { SaxesParser } from "saxes";
import { FeedError } from "../../feed-error.ts";
import { decodeText } from "../../reading/index.ts";

export interface Nuspec {
  readonly id: string;
  readonly version: string;
  readonly title: string | undefined;
  /** Who made the software, not who packaged it. */
  readonly authors: string | undefined;
}

const MAX_TEXT_CHARACTERS = 1000;
const MAX_DEPTH = 64;

/** @throws FeedError for XML that is broken, has a document type, or names no package and version */
export function readNuspec(bytes: Uint8Array, place: string): Nuspec {
  const texts = metadataOf(decodeText(bytes, place), place);
  const said = (name: string) => {
    const text = (texts.get(name) ?? "").trim();
    return text === "" ? undefined : text;
  };
  const id = said("id");
  const version = said("version");
  if (id === undefined || version === undefined) throw FeedError.at(place, "names no package and version");
  return { id, version, title: said("title"), authors: said("authors") };
}

/** Texts of the elements right below `metadata`. */
function metadataOf(text: string, place: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const path: string[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw FeedError.at(
      `${place}:${parser.line}`,
      "is not well-formed XML",
      isCut(error) ? "feed.truncated" : undefined,
    );
  });
  parser.on("doctype", () => {
    throw FeedError.at(`${place}:${parser.line}`, "has a document type");
  });
  parser.on("opentag", ({ name }) => {
    path.push(name.replace(/^[^:]*:/, ""));
    if (path.length > MAX_DEPTH) throw FeedError.at(`${place}:${parser.line}`, "is nested too deeply");
  });
  parser.on("closetag", () => path.pop());
  parser.on("text", (piece) => {
    const [, parent, name] = path;
    if (path.length !== 3 || parent !== "metadata" || name === undefined) return;
    texts.set(name, ((texts.get(name) ?? "") + piece).slice(0, MAX_TEXT_CHARACTERS));
  });
  parser.write(text).close();
  return texts;
}

const isCut = (error: Error): boolean => /unclosed|unexpected end/i.test(error.message);
