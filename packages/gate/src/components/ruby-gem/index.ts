/**
 * Ruby gems as they stand installed: a specification of each, as RubyGems writes it.
 * Source: RubyGems, Gem::Specification, `to_ruby`.
 * @module
 */

import { declare } from "../declare.ts";
import type { ComponentFinder } from "../finder.ts";
import { purlOf } from "../package-url.ts";
import { readMemberText } from "../read-member.ts";

const NAME = /(?:^|\/)specifications\/(?:default\/)?[^/]+\.gemspec$/;
const MAX_BYTES = 1024 * 1024;

export const rubyGem: ComponentFinder = {
  id: "ruby-gem",
  question: "Which Ruby gems are installed in it?",
  document: "RubyGems, Gem::Specification",
  wants: ({ path, sizeBytes }) => sizeBytes <= MAX_BYTES && NAME.test(path),
  async find(source) {
    const text = await readMemberText(source, "the specification");
    const [product, version] = [assigned(text, "name"), assigned(text, "version")];
    if (product === undefined || version === undefined) return undefined;
    const platform = assigned(text, "platform") ?? "";
    return {
      components: [
        declare({
          foundBy: "ruby-gem",
          product,
          version,
          vendor: /^[ \t]*s\.authors = \["([^"]{1,200})"/m.exec(text)?.[1],
          licence: /^[ \t]*s\.licenses? = \[?"([^"]{1,100})"(?:\.freeze)?\]?[ \t\r]*$/m.exec(text)?.[1],
          identifiers: [
            purlOf({
              type: "gem",
              name: product,
              version,
              qualifiers: { platform: platform === "ruby" ? "" : platform },
            }),
          ],
        }),
      ],
    };
  },
};

/** `s.name = "rake".freeze`, as `to_ruby` writes it. */
const assigned = (text: string, name: string): string | undefined =>
  new RegExp(`^[ \\t]*s\\.${name} = "([^"\\\\]{1,200})"(?:\\.freeze)?[ \\t\\r]*$`, "m").exec(text)?.[1];
