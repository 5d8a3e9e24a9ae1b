import { describe, expect, it } from "vitest";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Trait } from "../trait.ts";
import { minifiedCode } from "./index.ts";

const trait: Trait = minifiedCode as Trait;

const READABLE = Array.from(
  { length: 60 },
  (_, at) => `export function add${at}(first, second) {\n  return first + second + ${at};\n}`,
).join("\n");
const MINIFIED = Array.from(
  { length: 400 },
  (_, at) => `function a${at}(e,t){var n=e||{};return n.x&&(n.y=t),n.z+${at}}`,
).join("");

const drawn = (code: string) =>
  portraitOf([trait], { path: "lib/index.js", bytes: Buffer.from(code), format: "javascript" });

async function compare(before: string | undefined, after: string): Promise<Difference[]> {
  return compareMembers(trait, before === undefined ? undefined : await drawn(before), await drawn(after));
}

const worst = (differences: readonly Difference[]): string =>
  ["critical", "high", "medium", "low", "info"].find((risk) =>
    differences.some((difference) => difference.risk === risk),
  ) ?? "none";

const hexNames = Array.from({ length: 20 }, (_, at) => `var _0x3f${at}a=_0x12bc(0x${at}f);`).join("");

describe("code that hides", () => {
  it.each([
    ["names as obfuscators give them", hexNames],
    [
      "a table of strings that is turned",
      `(function(a,b){const c=a();while(!![]){try{const d=parseInt(x(1))/1+parseInt(x(2))/2*(parseInt(x(3))/3);if(d===b)break;else c.push(c.shift())}catch(e){c.push(c.shift())}}}(t,0x1f));`,
    ],
    ["steps in a string", `const s="3|1|0|2|4"["split"]("|");let i=0;while(true){switch(s[i++]){}}`],
    [
      "names that are kept as hexadecimal digits",
      `function e(r){return Buffer.from(r,"hex").toString()}var o=t[e(n[3])][e(n[4])],u=r(e(n[2]))[e(n[6])](e(n[5]),o);f[e(n[7])](a,"");`,
    ],
    [
      "text that is spelled by codes",
      `get([104,116,116,112,115,58,47,47].map(c=>String.fromCharCode(c)).join(""));`,
    ],
    ["codes of characters", `get(String.fromCharCode(104,116,116,112,115,58,47,47));`],
    ["require that is handed on", `global[_name(3)]=require;`],
    [
      "another way to a function",
      `const x=Buffer.from("6160","hex").toString();new (Object.getPrototypeOf(async function(){}).constructor)(x)();`,
    ],
    ["a few of such names", `var _0x4f2a=["log","hi"];console[_0x4f2a[0]](_0x4f2a[1]+_0x4f2a[0]);`],
    ["a module's name in pieces", `const p=require("chi"+"ld_pro"+"cess");`],
    ["a module's name in escapes", String.raw`const p=require("\x63hild_\x70rocess");`],
    ["a module's name as base64", `const p=require(decode("Y2hpbGRfcHJvY2Vzcw=="));`],
    ["a module's name backwards", `const p=require("ssecorp_dlihc".split("").reverse().join(""));`],
    [
      "letters as escapes",
      String.raw`f("\x68\x65\x6c\x6c\x6f");g("\x77\x6f\x72\x6c\x64");h("\x61\x67\x61\x69\x6e");`,
    ],
    ["variation selectors that carry bytes", `const s=(t=>t)(\`${"\ufe01\ufe0f\u{e0121}".repeat(20)}\`);`],
    [
      "code past the edge of the screen",
      `let a = 1;${" ".repeat(400)}global.run(require("os").hostname(), process);`,
    ],
    [
      "code far past the edge",
      `let a = 1;${"\u3000".repeat(9000)}global.run(require("os").hostname(), process);`,
    ],
    ["brackets and signs only", "[][(![]+[])[+!+[]]+(!![]+[])[+[]]];".repeat(60)],
    ["code that is decoded and run", `eval(Buffer.from(data, "base64").toString());`],
    ["a decoded name that is run", `const c=atob(blob);if(c){new Function("require",c)(require)}`],
    ["a name that is joined", `process.getBuiltinModule(["child", "process"].join("_")).exec(x)`],
    ["a name that is turned and joined", `require(["process", "child"].reverse().join("_")).exec(x)`],
    [
      "a decoded worker",
      `new (require("worker_threads").Worker)(Buffer.from(t.map((x) => x ^ 7)).toString(), { eval: true })`,
    ],
    ["a module made of a text", `import("data:text/javascript," + escape(text))`],
    [
      "a constructor that is reached by its child",
      `Reflect.construct(Reflect.getPrototypeOf(async function () {}).constructor, [atob(text)])()`,
    ],
    ["more calls than are looked at", `${'eval("");'.repeat(2100)}eval(atob(text));`],
    [
      "a module compiled from decoded text",
      `new module.constructor()._compile(zlib.inflateSync(b).toString(),"")`,
    ],
  ])("holds for %s", async (_, payload) => {
    for (const host of [READABLE, MINIFIED])
      expect(worst(await compare(host, `${host}\n${payload}`))).toBe("high");
    expect(worst(await compare(undefined, `${READABLE}\n${payload}`))).toBe("high");
  });

  it("shows where it is and what stands there", async () => {
    const [difference] = await compare(READABLE, `${READABLE}\nconst p=require("chi"+"ld_process");`);
    expect(difference?.after?.text).toContain("child_process");
    expect(difference?.after?.offsetBytes).toBeGreaterThanOrEqual(READABLE.length);
  });

  it("says that a long line came into a readable file", async () => {
    const line = Array.from({ length: 80 }, (_, at) => `call${at}(alpha,beta);`).join("");
    expect(await compare(READABLE, `${READABLE}\n${line}\n`)).toMatchObject([
      { rule: "long-line", risk: "low" },
    ]);
  });
});

describe("ordinary updates", () => {
  it.each([
    ["more of the same", READABLE, `${READABLE}\nexport const more = (a) => a.map((b) => b * 2);`],
    ["more minified code", MINIFIED, `${MINIFIED}function zz(e){return e.map((t=>t*2))}`],
    ["another minifier", READABLE, MINIFIED],
    ["what looks for the global object", MINIFIED, `${MINIFIED}var g=new Function("return this")();`],
    [
      "a template compiler",
      READABLE,
      `${READABLE}\nconst f = new Function("data", "with(data){" + source + "}");`,
    ],
    ["an image in a string", READABLE, `${READABLE}\nexport const icon = "iVBOR${"A".repeat(3000)}";`],
    ["escapes for pages", READABLE, `${READABLE}\nconst end = "\\x3c/script\\x3e"; const red = "\\x1b[31m";`],
    [
      "what esbuild writes for symbols",
      READABLE,
      `${READABLE}\nvar a = b[__knownSymbol("iterator")] || b[__knownSymbol("asyncIterator")], c = b[__knownSymbol("dispose")] || b[__knownSymbol("x")];`,
    ],
    [
      "codes of an emoji",
      READABLE,
      `${READABLE}\nconst s = String.fromCharCode(55357, 56835); global.require = require;`,
    ],
    ["hexadecimal constants", READABLE, `${READABLE}\nconst k = [0x428a2f98, 0x71374491, 0xb5c0fbcf];`],
    ["an emoji", READABLE, `${READABLE}\nconst heart = "❤️❤️❤️";`],
    [
      "lists that are joined",
      READABLE,
      `${READABLE}\nconst t = ["child_process", "fs"].join(","); const u = ["spawn", "exec"].join("|");`,
    ],
    [
      "a worker that is a file",
      READABLE,
      `${READABLE}\nnew Worker(new URL("./a.js", import.meta.url), { type: "module" }); new Worker(atob(name));`,
    ],
    ["a module in a plain text", READABLE, `${READABLE}\nimport("data:text/javascript,export default 1");`],
    ["base64 that is shown", READABLE, `${READABLE}\nelement.textContent = atob(text);`],
  ])("stays quiet for %s", async (_, before, after) => {
    expect(["none", "info", "low"]).toContain(worst(await compare(before, after)));
  });

  it("holds what became too long to be looked at, and not what always was", async () => {
    const long = `${READABLE}//${"x".repeat(17 * 1024 * 1024)}\n`;
    expect(worst(await compare(READABLE, long))).toBe("high");
    expect(worst(await compare(long, `${long}//\n`))).toBe("none");
  });

  it("stays quiet when what was obfuscated only moved", async () => {
    const before = await drawn(`${hexNames}${READABLE}`);
    const after = await drawn(`${hexNames}${READABLE} `);
    const pairs = [
      { before, after: undefined, how: "removed" as const },
      { before: undefined, after, how: "added" as const },
    ];
    const differences = pairs.flatMap((pair) => [...(trait.compare?.(pair, contextOf(pairs)) ?? [])]);
    expect(worst(differences)).toBe("none");
  });
});
