/**
 * Code that is run out of files whose names say that nobody runs them, and source that is written in an encoding in which
 * no letter looks like itself. Sources: Node.js, "Modules: CommonJS modules" (any unknown ending is run as JavaScript);
 * Python, `runpy`, `importlib.machinery`; Python Language Reference §2.1.4 and `codecs`; MITRE ATT&CK T1036.008, T1027.
 * @module
 */

import type { SourceText } from "../../source-code/source-text.ts";
import { ECMASCRIPT, PYTHON, SHELL, type Sign } from "./sign.ts";

/** Nobody builds these into a program as code. */
const READ = "md|markdown|txt|rst|map|d\\.ts|csv|log|lock|bak";
/** Bundlers take these in by name, so that only what runs a text counts. */
const SEEN = `${READ}|dat|png|jpe?g|gif|ico|svg|css|wav|mp3|ttf|otf|woff2?|pdf|xml`;
/** What stands between the call and the name: further calls that are still open. */
const OPEN = "(?:[^()\\n;\"']{0,60}\\(){0,3}[^()\\n;\"']{0,60}(?:[\"'][^\"'\\n]{0,60}[\"'], ?){0,3}";
const named = (endings: string): string => `["'][^"'\\n]{0,160}\\.(?:${endings})["']`;

export const DISGUISED: Sign = {
  id: "runs-disguised",
  does: "runs a file as code whose name says that it is none",
  looks: [
    {
      languages: ECMASCRIPT,
      needles: ["require("],
      pattern: new RegExp(`(?:^|[^\\w$.])require\\((?=["'./_\\w]{1,40}[./(+,])${OPEN}${named(READ)}`, "g"),
    },
    {
      languages: ECMASCRIPT,
      needles: [
        "eval(",
        "eval)(",
        "new function(",
        "incontext(",
        "thiscontext(",
        "_compile(",
        "worker",
        ".fork(",
      ],
      pattern: new RegExp(
        `(?:[^\\w$.]eval\\)?|\\bnew function|\\.runin(?:this|new)?context|\\._compile|(?:\\bnew [\\w$.]{0,20}|\\.)worker\\)?|\\.fork)\\(${OPEN}${named(SEEN)}`,
        "g",
      ),
    },
    {
      languages: PYTHON,
      needles: ["exec(", "compile(", "run_path(", "sourcefileloader", "load_source(", "cdll("],
      pattern: new RegExp(
        `(?:(?:^|[^\\w.])exec|(?:^|[^\\w.])compile|\\brun_path|\\bload_source|\\b(?:py)?cdll)\\(${OPEN}${named(SEEN)}|\\bsourcefileloader\\([^\\n]{0,120}${named(SEEN)}|\\bsourcefileloader as (\\w{1,40})\\b[^\\0]{0,200}?\\b\\1\\([^\\n]{0,120}?${named(SEEN)}`,
        "gm",
      ),
    },
    {
      languages: SHELL,
      needles: ["sh ", "python", "node ", "perl "],
      pattern: new RegExp(
        `(?:^|[;&|(\`])[ \\t]{0,20}(?:(?:exec|sudo|then|do|else)[ \\t]{1,4})?(?:(?:ba|da|z)?sh|python3?|node|perl)[ \\t]{1,4}["']?[\\w./\${}-]{1,120}\\.(?:${SEEN})(?=["'\\s;&|)]|$)`,
        "gm",
      ),
    },
  ],
};

/** What was written a moment ago is read by nobody before it runs. */
export const RUNS_WRITTEN: Sign = {
  id: "runs-written",
  does: "writes a file and takes it in as its own code",
  looks: [
    {
      languages: ECMASCRIPT,
      needles: ["writefile(", "writefilesync("],
      pattern:
        /\bwritefile(?:sync)?\(([\w$]{1,40}),[^\0]{0,300}?(?:[^\w$.](?:require|import)|\.fork|\bnew [\w$.]{0,20}worker)\(\1[,)]/g,
    },
  ],
};

/** Encodings in which what is ASCII means something else. */
const HIDING =
  /^(?:utf[-_]?(?:7|16|32)\w*|u7|rot[-_]?13|hex\w*|base[-_]?64\w*|bz2\w*|zlib\w*|zip|uu\w*|quopri\w*|quoted\w*|punycode|idna|(?:raw[-_])?unicode[-_]escape|string[-_]escape|cp(?:037|273|424|500|875|1026|1140)|ibm\d+|ebcdic\w*|hz\w*|iso[-_]?2022\w*)$/;

/** @returns where the encoding is told, when it is one that hides; Python obeys it in the first two lines only */
export function hidingEncoding({ language, text }: SourceText): number | undefined {
  if (language !== "python") return undefined;
  const found = /^(?:[^\n]{0,400}\n)?[ \t\f]{0,80}#[^\n]{0,400}?coding[:=][ \t]{0,80}([-\w.]{1,80})/.exec(
    text,
  );
  const name = found?.[1]?.toLowerCase().replaceAll("_", "-") ?? "";
  return HIDING.test(name) ? 0 : undefined;
}
