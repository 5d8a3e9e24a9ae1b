/** What every page stands in: head, look, and a policy that lets nothing else in. @module */

import { createHash } from "node:crypto";
import { version } from "../../version.ts";
import { html, type Markup } from "./markup.ts";
import { STYLE } from "./style.ts";

export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly footer: string;
  /** Runs on the page, which also works without it. */
  readonly script?: string;
}

export function renderShell({ title, body, footer, script }: Page): string {
  const runs = script === undefined ? "" : ` script-src '${hashOf(script)}';`;
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}';${runs} base-uri 'none'; form-action 'none'`;
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
`.text
  }<style>${STYLE}</style>\n${
    html`</head>
<body><main>
${body}
<footer>Sallyport ${version}. ${footer}</footer>
</main>`.text
  }${script === undefined ? "" : `<script>${script}</script>`}</body>\n</html>\n`;
}

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
