/**
 * Which language a text is a program in, by what stands at its beginning. Only the beginning is looked at, and a text
 * must say it plainly: prose, configuration and data are no scripts, whatever words they hold.
 * Sources: execve(2) "Interpreter scripts"; the language references of PowerShell, cmd.exe, VBScript, ECMAScript, Python;
 * DSP0004 (MOF).
 * @module
 */

import { recogniseMarkup } from "./markup.ts";

/** Names that the format is refined to; `script` for any other interpreter. */
export const LANGUAGES = [
  "powershell",
  "powershell-xml",
  "mof",
  "vbscript",
  "javascript",
  "windows-script",
  "encoded-script",
  "batch",
  "shell",
  "python",
  "perl",
  "ruby",
  "php",
  "script",
] as const;

export type Language = (typeof LANGUAGES)[number];

/** Characters that are looked at. */
const HEAD_CHARACTERS = 2048;

/** @param characters - the beginning of the text, without a byte order mark */
export function recogniseLanguage(characters: string): Language | undefined {
  const head = characters.slice(0, HEAD_CHARACTERS);
  if (head.startsWith("#!")) return recogniseInterpreter(head);
  const code = head.trimStart();
  switch (code.charAt(0)) {
    case "":
    // Most often data: JSON, and what begins with a list.
    case "{":
      return undefined;
    case "<":
      return code.startsWith("<#") ? recogniseStatements(code) : recogniseMarkup(code);
    default:
      // Windows Script Encoder.
      return code.startsWith("#@~^") ? "encoded-script" : recogniseStatements(code);
  }
}

const INTERPRETERS: readonly (readonly [RegExp, Language])[] = [
  [/^(?:ba|da|z|k|mk|a|fi|c|tc)?sh$/, "shell"],
  [/^(?:pwsh|powershell)$/, "powershell"],
  [/^(?:python|pypy)[0-9.]*w?$/, "python"],
  [/^(?:node|nodejs|deno|bun)$/, "javascript"],
  [/^perl[0-9.]*$/, "perl"],
  [/^j?ruby[0-9.]*$/, "ruby"],
  [/^php[0-9.]*$/, "php"],
];

/** The interpreter's path, and behind `env` the next word that is no option or assignment. */
function recogniseInterpreter(head: string): Language | undefined {
  const words = /^#![ \t]*(\/[!-~]{1,200}(?:[ \t]+[!-~]{1,200}){0,8})/.exec(head)?.[1]?.split(/[ \t]+/);
  const [path, ...rest] = words ?? [];
  if (path === undefined) return recogniseBareName(head);
  const isEnv = /\/env$/.test(path);
  const program = isEnv ? (rest.find((word) => !/^-|=/.test(word)) ?? "") : path;
  const name = program.slice(program.lastIndexOf("/") + 1);
  return INTERPRETERS.find(([pattern]) => pattern.test(name))?.[1] ?? "script";
}

/** Some frameworks name the interpreter and leave it to themselves to find it; other marks begin like that, too. */
function recogniseBareName(head: string): Language | undefined {
  const name = /^#![ \t]*([A-Za-z0-9.]{1,20})[ \t]*(?:\r?\n|$)/.exec(head)?.[1] ?? "";
  return INTERPRETERS.find(([pattern]) => pattern.test(name))?.[1];
}

interface Statements {
  readonly language: Language;
  /** Lines that are statements of this language and hardly of another. */
  readonly lines: RegExp;
  /** So many of them are enough. */
  readonly enough: number;
}

const VERBS =
  "add|clear|close|compare|convert|convertfrom|convertto|copy|disable|enable|enter|exit|expand|export|find|foreach|" +
  "format|get|group|import|initialize|install|invoke|join|measure|mount|move|new|out|pop|push|read|receive|register|" +
  "remove|rename|reset|resolve|restart|resume|save|select|send|set|show|sort|split|start|stop|suspend|test|trace|" +
  "uninstall|unregister|update|wait|where|write";

/** Each pattern is anchored to a line, and looks at a bounded piece of it. */
const STATEMENTS: readonly Statements[] = [
  {
    language: "batch",
    lines:
      /^[ \t]*@?(?:echo[ \t]+off\b|setlocal(?:[ \t]+(?:enable|disable)\w{1,30})?[ \t]*\r?$|set[ \t]+"\w{1,60}=|if[ \t]+(?:not[ \t]+)?(?:exist[ \t]+["%\w.\\]|defined[ \t]+\w{1,60}[ \t]+(?:\(|set|goto|call)\b)|goto[ \t]+:\w{1,60}[ \t]*\r?$|for[ \t]+(?:\/[a-z][ \t]+){0,2}%%)/gim,
    enough: 1,
  },
  {
    language: "mof",
    lines:
      /^[ \t]*(?:#pragma[ \t]{1,20}(?:namespace|autorecover|classflags|deleteclass|deleteinstance)\b|\[[ \t]{0,20}classversion[ \t]{0,20}\(|instance[ \t]{1,20}of[ \t]{1,20}\w{1,80}[ \t]*(?:as[ \t]|\{|\r?$))/gim,
    enough: 1,
  },
  {
    language: "perl",
    lines:
      /^[ \t]*(?:use[ \t]+(?:strict|warnings|v?5)|package[ \t]+[\w:]{1,100};|my[ \t]+[$@%(]|sub[ \t]+\w{1,80}[ \t]*\{)/gm,
    enough: 2,
  },
  {
    language: "powershell",
    lines: new RegExp(
      `^[ \\t]*(?:(?:\\$[\\w:]{1,80}[ \\t]*=[ \\t]*)?(?:${VERBS})-[a-z]{3,60}[ \\t]+(?:-[a-z]|["'$@{|])|` +
        "\\[CmdletBinding\\(|param[ \\t]*\\([ \\t]*(?:\\r?$|[\\[$])|#requires[ \\t]+-|<#|using[ \\t]+(?:module|namespace|assembly)[ \\t]+[^;\\n]{1,200}$|" +
        "function[ \\t]+[a-z]{2,30}-[a-z]|\\$[a-z_:]{1,60}[ \\t]*=[ \\t]*(?:\\$|@[({]|\\[|new-object[ \\t])[^;\\n]{0,200}$|@\\{[ \\t]*\\r?$|" +
        "ModuleVersion[ \\t]*=[ \\t]*['\"])",
      "gim",
    ),
    enough: 1,
  },
  {
    language: "vbscript",
    lines:
      /^[ \t]*(?:option[ \t]+explicit[ \t]*(?:'|\r?$)|on[ \t]+error[ \t]+resume[ \t]+next|msgbox[ \t]+["(\w]|wscript\.(?:echo|quit|sleep)[ \t]*(?:["\w]|\r?$)|set[ \t]+\w{1,60}[ \t]*=[ \t]*(?:wscript\.)?(?:createobject|getobject)\b|dim[ \t]+\w{1,60}[ \t]*(?:,|\(|:|\r?$))/gim,
    enough: 1,
  },
  {
    language: "javascript",
    lines:
      /^[ \t]*(?:["']use strict["']|import[ \t]+[\w$*{][^;\n"']{0,200}[ \t}]from[ \t]*["']|export[ \t]+(?:default|const|let|function|class|async|\*|\{)|(?:const|let|var)[ \t]+(?:[\w$]{1,80}|[{[][^=;:\n]{0,200}[}\]])[ \t]*=[ \t]*(?:require\(|\(|\{|\[|new[ \t]|function\b|async\b|await\b|["'`\d].{0,200};[ \t]*\r?$)|(?:module\.)?exports(?:\.\w{1,60})?[ \t]*=|Object\.defineProperty\(exports|[;!(+]{1,3}(?:async[ \t]+)?(?:function\b|\(\)[ \t]*=>)|define\(\[|(?:console\.(?:log|error|warn|info)|WScript\.(?:Echo|Quit|Sleep)|alert)\([^\n]{0,200}\);?[ \t]*\r?$)/gm,
    enough: 1,
  },
  {
    language: "python",
    lines:
      /^(?:from[ \t]+[\w.]{1,100}[ \t]+import[ \t]+[\w(*]|import[ \t]+[\w.]{1,100}(?:[ \t]+as[ \t]+\w{1,60}|(?:,[ \t]*[\w.]{1,100}){0,20})[ \t]*(?:#|\r?$)|[ \t]*def[ \t]+\w{1,80}\([^\n]{0,200}:[ \t]*(?:#|\r?$)|class[ \t]+\w{1,80}(?:\([^\n]{0,200}\))?:[ \t]*(?:#|\r?$)|if[ \t]+__name__[ \t]*==)/gm,
    enough: 2,
  },
  {
    language: "shell",
    lines:
      /^[ \t]*(?:if[ \t]+\[{1,2}[ \t]|fi[ \t]*(?:;|\r?$)|esac[ \t]*(?:;|\r?$)|done[ \t]*(?:;|<|\||\r?$)|set[ \t]+-[euxo]|export[ \t]+\w{1,60}=|case[ \t]+"?\$)/gm,
    enough: 2,
  },
];

/** A fence says: this is a text about code. */
const FENCE = /^[ \t]{0,3}(?:```|~~~)/m;

export const hasFence = (characters: string): boolean => FENCE.test(characters);

/** A line of five and more plain words, as people write them. */
const PROSE = /^[ \t]*[A-Za-z][a-z,']*(?: [A-Za-z0-9(][\w,'()/-]*){4,}[.,:]?[ \t]*\r?$/gm;

/** YAML, and documentation of Perl: they hold programs, and are none. */
const DOCUMENT = /^(?:---[ \t]*\r?\n|=(?:head\d|pod|encoding|begin)\b)/;
/** Counted per language; a program may hold pieces of another one as text. */
const MOST_COUNTED = 8;

function recogniseStatements(code: string): Language | undefined {
  if (hasFence(code) || DOCUMENT.test(code)) return undefined;
  const bare = withoutComments(code);
  let best: { readonly language: Language; readonly found: number } | undefined;
  for (const { language, lines, enough } of STATEMENTS) {
    const found = countMatches(language === "powershell" ? code : bare, lines, MOST_COUNTED);
    if (found >= enough && found > (best?.found ?? 0)) best = { language, found };
  }
  if (best === undefined) return undefined;
  return countMatches(bare, PROSE, best.found * 2 + 1) > best.found * 2 ? undefined : best.language;
}

/** Licences stand in comments, and are prose. */
function withoutComments(code: string): string {
  let text = code;
  for (const [open, close] of [
    ["/*", "*/"],
    ["<#", "#>"],
    ['"""', '"""'],
  ] as const) {
    if (!text.startsWith(open)) continue;
    const end = text.indexOf(close, open.length);
    text = end < 0 ? "" : text.slice(end + close.length).trimStart();
  }
  return text;
}

function countMatches(text: string, pattern: RegExp, atMost: number): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) {
    count += 1;
    if (count >= atMost) break;
  }
  return count;
}
