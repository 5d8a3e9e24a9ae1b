/**
 * Files that carry something else than they say: pictures, fonts and sounds that a script reads to run what is in them.
 * Sources: MITRE ATT&CK T1027.003, T1027.009.
 * @module
 */

import { ECMASCRIPT, PYTHON, type Sign } from "./sign.ts";

export const CARRIERS: readonly Sign[] = [
  {
    id: "reads-picture",
    does: "reads a picture, a font or a sound as a file",
    looks: [
      {
        needles: [".png", ".jpg", ".jpeg", ".gif", ".ico", ".bmp", ".woff", ".ttf", ".otf", ".wav", ".mp3"],
        pattern:
          /\b(?:readfile(?:sync)?|createreadstream|open|read_bytes)\([^()\n]{0,160}\.(?:png|jpe?g|gif|ico|bmp|woff2?|ttf|otf|wav|mp3)["'`]|\b(?:readfile(?:sync)?|createreadstream|open)\([^()\n]{0,40}\w\((?:[\w$.]{1,30},)?\s?["'`][^"'`()\n]{0,80}\.(?:png|jpe?g|gif|ico|bmp|woff2?|ttf|otf|wav|mp3)["'`]/g,
      },
    ],
  },
  {
    id: "runs-text",
    does: "runs a text as code",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["eval(", "function(", "runinthiscontext(", "runinnewcontext(", "_compile("],
        pattern: /(?:[^\w$.]eval|new function|\.runin(?:this|new)context|\._compile)\((?!["'`]|\))/g,
      },
      { languages: PYTHON, needles: ["exec("], pattern: /(?:^|[^\w.])exec\((?!compile\()/gm },
    ],
  },
];
