/** HTML from templates in which every value is text unless it is markup already: nothing a file says becomes a tag. @module */

import { printable } from "../text.ts";

const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that was made here, and may stand in more markup as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Markup | string | number | readonly (Markup | string | undefined)[] | undefined;

/** A tag for templates. Attributes must be quoted there. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, index) => part + write(values[index])).join(""));
}

function write(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(write).join("");
  return printable(String(value)).replaceAll(/[&<>"']/g, (character) => ENTITY[character] ?? "");
}
