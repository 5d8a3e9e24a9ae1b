/** One file of one rule. @module */

export const ruleNamed = (name: string): string =>
  `rule ${name} { strings: $mark = "${name} leaves this" condition: $mark }\n`;

export const sample: Readonly<Record<string, Uint8Array>> = {
  "loader.yar": Buffer.from(ruleNamed("Example_Loader")),
};
