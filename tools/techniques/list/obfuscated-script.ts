import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

/** What javascript-obfuscator writes of `console.log("hello")`, longer: a rotated table of strings and its reader. */
function obfuscated(): string {
  const table = Array.from(
    { length: 120 },
    (_, index) => `'${Buffer.from(`harmless text ${index * 7919}`).toString("base64")}'`,
  );
  const calls = Array.from({ length: 120 }, (_, index) => `_0x3f2c(0x${(index + 0x1a0).toString(16)})`);
  return [
    `;var _0x4b1d=[${table.join(",")}];(function(_0x2a1b,_0x5c3d){var _0x1f2e=function(_0x3d4c){while(--_0x3d4c){_0x2a1b['push'](_0x2a1b['shift']());}};_0x1f2e(++_0x5c3d);}(_0x4b1d,0x1b3));`,
    `var _0x3f2c=function(_0x2a1b,_0x5c3d){_0x2a1b=_0x2a1b-0x1a0;var _0x1f2e=_0x4b1d[_0x2a1b];return atob(_0x1f2e);};`,
    `var _0x9e8d=[${calls.join(",")}]['join']('\\x20');new Function('\\x5f\\x30','\\x72\\x65\\x74\\x75\\x72\\x6e\\x20\\x5f\\x30')(_0x9e8d);`,
    "",
  ].join("");
}

/** What a minifier writes of ordinary functions. */
const minified = (): string =>
  Array.from(
    { length: 60 },
    (_, index) => `function r${index}(e,t){return e.map((n,o)=>o%${index + 2}===0?n:t(n)).filter(Boolean)}`,
  ).join("");

export const obfuscatedScript: Technique = {
  id: "obfuscated-script",
  title: "Obfuscated code at the end of a script",
  shape: "chalk and debug, September 2025 (Aikido); ua-parser-js, 2021; rand-user-agent, 2025",
  kind: "electron",
  least: "high",
  attack: ({ after }) =>
    editFile(after, mainFile(after, "script"), (bytes) =>
      Buffer.concat([bytes, Buffer.from(`\n${obfuscated()}`)]),
    ),
  twinTitle: "minified functions at the end of a script",
  twin: ({ after }) =>
    editFile(after, mainFile(after, "script"), (bytes) =>
      Buffer.concat([bytes, Buffer.from(`\n;${minified()}\n`)]),
    ),
};
