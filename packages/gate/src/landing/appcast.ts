/** Appcasts of Sparkle and WinSparkle: an RSS feed, each item a release. @module */

import { hasCode } from "@sallyport/core";
import { elementsOf, type XmlElement } from "../xml/element.ts";
import type { LandingKind, ListedDownload } from "./landing.ts";

const SPARKLE = "http://www.andymatuschak.org/xml-namespaces/sparkle";

export const appcast: LandingKind = {
  title: "an appcast of Sparkle",
  document: "Sparkle documentation: Publishing an update; RSS 2.0",
  async read(text) {
    if (!/^\s*</.test(text) || !/<rss[\s>]/.test(text)) return undefined;
    const root = await rootOf(text);
    if (root?.name !== "rss") return undefined;
    const items = elementsOf(root, "channel").flatMap((channel) => elementsOf(channel, "item"));
    const downloads = items.flatMap(downloadsOf);
    return downloads.length === 0 ? undefined : downloads;
  },
};

async function rootOf(text: string): Promise<XmlElement | undefined> {
  const { readXml } = await import("../xml/read-xml.ts");
  try {
    return readXml(Buffer.from(text));
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return undefined;
    throw error;
  }
}

/** Differences (`sparkle:deltas`) lie deeper, and are nothing without what they are differences to. */
function downloadsOf(item: XmlElement): ListedDownload[] {
  const own = (name: string) =>
    elementsOf(item, name)
      .find((element) => element.namespace === SPARKLE)
      ?.text.trim();
  return elementsOf(item, "enclosure").flatMap((enclosure) => {
    const { attributes } = enclosure;
    const address = attributes.get("url")?.trim() ?? "";
    const said = (name: string) => own(name) ?? attributes.get(`{${SPARKLE}}${name}`);
    const version = said("shortVersionString") ?? said("version");
    return address === "" ? [] : [{ address, ...(version !== undefined && { version }) }];
  });
}
