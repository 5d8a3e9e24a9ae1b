import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPublication } from "../checks/published-hash/publication.ts";
import { gitHubApiFor } from "./github-release.ts";
import { type LandingPage, MAX_LANDING_BYTES, readLandingPage } from "./landing.ts";

const BASE = "https://downloads.example/app/";
const read = (text: string, url = `${BASE}page`): Promise<LandingPage | undefined> =>
  readLandingPage(Buffer.from(text), url);
const bytes = Buffer.from("installer");
const hash = (algorithm: string, encoding: "hex" | "base64") =>
  createHash(algorithm).update(bytes).digest(encoding);
/** What `published-hash` makes of the page's own lines. */
const published = (page: LandingPage | undefined) =>
  readPublication((page?.downloads ?? []).flatMap(({ hashLine }) => hashLine ?? []).join("\n"));

describe("a list of electron-updater", () => {
  const text = (files: string) =>
    `version: 2.1.0\n${files}path: old.exe\nsha512: ${hash("sha512", "base64")}\nreleaseDate: '2026-01-01'\n`;

  it("names files relative to itself, with their hashes", async () => {
    const file = (url: string) => `  - url: ${url}\n    sha512: ${hash("sha512", "base64")}\n    size: 9\n`;
    const page = await read(
      text(`files:\n${file("Demo%20Setup.exe")}${file("https://cdn.example/x.msi?key=1")}`),
    );
    expect(page?.downloads).toMatchObject([
      { url: `${BASE}Demo%20Setup.exe`, name: "Demo Setup.exe", version: "2.1.0" },
      { url: "https://cdn.example/x.msi?key=1", name: "x.msi", version: "2.1.0" },
    ]);
    const hex = hash("sha512", "hex");
    expect(published(page)).toEqual([
      { name: "Demo Setup.exe", algorithm: "sha512", hex },
      { name: "x.msi", algorithm: "sha512", hex },
    ]);
  });

  it("of the older form names one", async () => {
    expect((await read(text("")))?.downloads).toMatchObject([{ url: `${BASE}old.exe`, name: "old.exe" }]);
  });

  it.each([
    "version: 1\nfiles: []\n",
    "version: 1\npath: x.exe\n",
    "version: 1\npath: &a x\nsha512: *a\n",
    "version: 1\nfiles:\n  - url: x.exe\n    sha512: short\n",
    "path: of text\nthat is no list: [\n",
  ])("is none: %j", async (other) => {
    expect(await read(other)).toBeUndefined();
  });
});

describe("a list of Squirrel", () => {
  const sha1 = hash("sha1", "hex").toUpperCase();

  it("names whole packages, the newest first, and no differences", async () => {
    const page = await read(
      `\uFEFF${sha1} Demo-1.0.0-full.nupkg 9\r\n${sha1} Demo-1.1.0-delta.nupkg 3\r\n${sha1} Demo-1.1.0-full.nupkg 9 # 20%\r\n`,
    );
    expect(page?.downloads.map(({ name, version }) => [name, version])).toEqual([
      ["Demo-1.1.0-full.nupkg", "1.1.0"],
      ["Demo-1.0.0-full.nupkg", "1.0.0"],
    ]);
    expect(published(page)[0]).toEqual({
      name: "Demo-1.1.0-full.nupkg",
      algorithm: "sha1",
      hex: sha1.toLowerCase(),
    });
  });

  it.each([
    "",
    "# only a comment\n",
    `${sha1} name\n`,
    `${sha1}  SHA1SUMS-file\n`,
    `words\n${sha1} a-full.nupkg 9\n`,
  ])("is none: %j", async (other) => {
    expect(await read(other)).toBeUndefined();
  });
});

describe("a release on GitHub", () => {
  it("names its assets, with a hash where there is one", async () => {
    const digest = `sha256:${hash("sha256", "hex")}`;
    const asset = (name: string, more: object) => ({
      name,
      browser_download_url: `https://github.com/example/demo/releases/download/v1/${name}`,
      ...more,
    });
    const page = await read(
      JSON.stringify({
        tag_name: "v1",
        assets: [asset("a.exe", { digest }), asset("b.dmg", { digest: null })],
      }),
    );
    expect(page?.downloads.map(({ name, version }) => `${name} ${version}`)).toEqual([
      "a.exe v1",
      "b.dmg v1",
    ]);
    expect(published(page)).toEqual([{ name: "a.exe", algorithm: "sha256", hex: hash("sha256", "hex") }]);
  });

  it.each([
    '{"browser_download_url": 1}',
    '{"assets": 5, "browser_download_url": ""}',
    '{"browser_download_url"',
  ])("is none: %s", async (other) => {
    expect(await read(other)).toBeUndefined();
  });

  it.each([
    ["https://github.com/a/b/releases/tag/v1.2", "https://api.github.com/repos/a/b/releases/tags/v1.2"],
    [
      "https://github.com/a/b/releases/tag/desktop/v1",
      "https://api.github.com/repos/a/b/releases/tags/desktop/v1",
    ],
    ["https://github.com/a/b/releases/latest", "https://api.github.com/repos/a/b/releases/latest"],
    ["https://github.com/a/b/releases/", "https://api.github.com/repos/a/b/releases/latest"],
    ["https://github.com/a/b/releases/download/v1/x.exe", undefined],
    ["https://github.com/a/b", undefined],
    ["https://github.com.example/a/b/releases/latest", undefined],
  ])("is asked for in the place of %s", (page, api) => {
    expect(gitHubApiFor(new URL(page))).toBe(api);
  });
});

describe("an appcast", () => {
  const feed = (items: string) =>
    `<?xml version="1.0"?><rss version="2.0" xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle"><channel>${items}</channel></rss>`;

  it("names what each item encloses, and no differences", async () => {
    const page = await read(
      feed(
        `<item><sparkle:version>200</sparkle:version><sparkle:shortVersionString>2.0</sparkle:shortVersionString>
         <sparkle:deltas><enclosure url="/x.delta"/></sparkle:deltas><enclosure url="Demo%202.zip" length="1"/></item>
         <item><enclosure url="http://old.example/Demo.dmg" sparkle:version="1.0"/></item>`,
      ),
    );
    expect(page?.downloads).toEqual([
      { url: `${BASE}Demo%202.zip`, name: "Demo 2.zip", version: "2.0" },
      { url: "http://old.example/Demo.dmg", name: "Demo.dmg", version: "1.0" },
    ]);
  });

  it.each([
    feed("<item><title>no enclosure</title></item>"),
    '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>',
    "<rss><channel><item>",
    "<html><rss ></rss></html>",
  ])("is none: %s", async (other) => {
    expect(await read(other)).toBeUndefined();
  });
});

describe("any page", () => {
  it("is none when it is too large, no text, or something else", async () => {
    expect(await readLandingPage(Buffer.alloc(MAX_LANDING_BYTES + 1, " "), BASE)).toBeUndefined();
    expect(await readLandingPage(Buffer.from("version: 1\0path: x"), BASE)).toBeUndefined();
    expect(await readLandingPage(Buffer.from([0x4d, 0x5a, 0xff]), BASE)).toBeUndefined();
    expect(await read("#!/bin/sh\necho hello\n")).toBeUndefined();
  });

  it("names no address that is not fetched", async () => {
    const asset = (address: string) => ({ browser_download_url: address });
    const addresses = ["file:///etc/passwd", "javascript:alert(1)", "http://[", "https://a.example/x"];
    const page = await read(JSON.stringify({ assets: addresses.map(asset) }));
    expect(page?.downloads.map(({ url }) => url)).toEqual(["https://a.example/x"]);
  });

  it("never throws anything but what it says, whatever the bytes are", async () => {
    const words = [
      "version: 1\n",
      "files:\n",
      "- url: x\n",
      "sha512: ",
      "{",
      '"browser_download_url"',
      "<rss>",
      "<item>",
      "path: &a [*a]\n",
      `${"a".repeat(40)} x-full.nupkg 1\n`,
    ];
    const pages = fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pages, async (parts) => {
        await read(parts.join(""));
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
