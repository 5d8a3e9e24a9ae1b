import { readdirSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Fetcher, openFetcher } from "@sallyport/fetch";
import { identityFor, serve, type TestIdentity, type TestServer } from "@sallyport/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { IntelSource } from "../source.ts";
import { followingSource, makePlace, type TestPlace, wordSource } from "./place.fixture.ts";
import { statusOf } from "./status.ts";
import { sync } from "./sync.ts";

const LIMITS = {
  idleMilliseconds: 300,
  windowMilliseconds: 600,
  minWindowBytes: 100,
  tries: 2,
  waitMilliseconds: 5,
  milliseconds: 20_000,
};
const words = (date: string, ...list: string[]) => JSON.stringify({ date, words: list });

let place: TestPlace;
let server: TestServer;
const fetchers: Fetcher[] = [];
/** What the server does with the next requests. */
let answering: RequestListener;
beforeEach(async () => {
  server = await serve((request, response) => answering(request, response));
});
afterEach(async () => {
  for (const fetcher of fetchers.splice(0)) fetcher.close();
  place.close();
  await server.close();
});

const feed = (more: Partial<IntelSource> = {}): IntelSource =>
  wordSource("feed", {
    downloads: [{ name: "feed.json", url: server.url("/feed.json"), maxBytes: 100_000 }],
    ...more,
  });

function fetcher(authorities: readonly string[] = []): Fetcher {
  const made = openFetcher({ userAgent: "test", allowPrivateNetwork: true, limits: LIMITS, authorities });
  fetchers.push(made);
  return made;
}

const run = (wanted: readonly string[] = [], again = false) =>
  sync({ wanted, again, fetcher: fetcher() }, place);
const answer = (body: string, headers = {}): void => {
  answering = (_request, response) => void response.writeHead(200, headers).end(body);
};

describe("what a publisher has", () => {
  it("is known afterwards, and asked for conditionally the next time", async () => {
    place = await makePlace([feed()]);
    answering = (request, response) => {
      const isKnown = request.headers["if-none-match"] === '"one"';
      response
        .writeHead(isKnown ? 304 : 200, { etag: '"one"' })
        .end(isKnown ? undefined : words("2026-11-20", "a.invalid", "", "b.invalid"));
    };
    expect(await run()).toMatchObject([
      {
        outcome: "loaded",
        snapshot: { rows: 2, skipped: 1, asOf: "2026-11-20T00:00:00.000Z" },
        skipped: [{ because: "is empty" }],
      },
    ]);
    expect(await place.known()).toEqual(["a.invalid", "b.invalid"]);
    place.time = new Date("2026-11-26T12:00:00Z");
    expect(await run()).toMatchObject([
      { outcome: "unchanged", snapshot: { checkedAt: "2026-11-26T12:00:00.000Z" } },
    ]);
    expect(server.requests).toHaveLength(2);
  });

  it("takes the place of what it had before, and old files go after a while", async () => {
    place = await makePlace([feed()]);
    answer(words("2026-11-20", "a.invalid"));
    await run();
    answer(words("2026-11-21", "b.invalid"));
    expect(await run()).toMatchObject([
      { before: { rows: 1 }, snapshot: { asOf: "2026-11-21T00:00:00.000Z" } },
    ]);
    expect(await place.known()).toEqual(["b.invalid"]);
    expect(readdirSync(join(place.folder, "files"))).toHaveLength(2);
    place.time = new Date(Date.now() + 48 * 60 * 60_000);
    answer(words("2026-11-22", "c.invalid"));
    await run();
    expect(readdirSync(join(place.folder, "files"))).toHaveLength(1);
  });

  it("is read again, unchanged, only when somebody wants it", async () => {
    place = await makePlace([feed()]);
    answer(words("2026-11-20", "a.invalid"));
    await run();
    expect(await run()).toMatchObject([{ outcome: "unchanged" }]);
    expect(await run([], true)).toMatchObject([{ outcome: "loaded" }]);
  });

  it("is fetched with everything that it names", async () => {
    place = await makePlace([
      followingSource("feed", { name: "feed.json", url: server.url("/feed.json"), maxBytes: 1e5 }),
    ]);
    answering = ({ url }, response) => {
      const number = Number(url?.slice(1)) || 0;
      const more = number < 3 ? [server.url(`/${number + 1}`), server.url("/missing")] : [];
      if (url === "/missing") response.writeHead(404).end();
      else response.end(JSON.stringify({ words: [`${number}.invalid`], more }));
    };
    expect(await run()).toMatchObject([
      { outcome: "loaded", snapshot: { rows: 4, skipped: 1 }, skipped: [{ file: "/missing" }] },
    ]);
    expect(await place.known()).toEqual(["0.invalid", "1.invalid", "2.invalid", "3.invalid"]);
  });

  it("that names ever more is given up", async () => {
    place = await makePlace([
      followingSource("feed", { name: "feed.json", url: server.url("/0"), maxBytes: 1e5 }),
    ]);
    answering = ({ url }, response) =>
      void response.end(
        JSON.stringify({ words: ["a.invalid"], more: [server.url(`/${Number(url?.slice(1)) + 1}`)] }),
      );
    expect(await run()).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(/ever more/) }]);
    expect(await place.known()).toEqual([]);
  });
});

describe("a publisher that misbehaves leaves what was known as it was", () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  it.each<[string, RequestListener, RegExp]>([
    [
      "cuts",
      (request, response) =>
        void response.writeHead(200, { "content-length": 50 }).write("{", () => request.socket.destroy()),
      /broke/,
    ],
    ["is slow", (_request, response) => void response.write("{"), /too slowly/],
    ["is silent", () => undefined, /no answer/],
    [
      "is huge",
      (_request, response) => void response.end(Buffer.alloc(100_001)),
      /more than the 100000 bytes/,
    ],
    [
      "sends a gzip bomb",
      (_request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
      /more than/,
    ],
    [
      "sends the page of a portal",
      (_request, response) =>
        void response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>"),
      /web page/,
    ],
    ["sends another type", (_request, response) => void response.end("a,b\n1,2\n"), /no words/],
    [
      "sends half of it",
      (_request, response) => void response.end('{"date":"2026-11-24","words":["x.inva'),
      /no words/,
    ],
    ["sends nothing", (_request, response) => void response.end(), /no words/],
    [
      "has no facts any more",
      (_request, response) => void response.end(words("2026-11-24")),
      /not a single fact/,
    ],
    [
      "replays an older file",
      (_request, response) => void response.end(words("2026-11-19", "old.invalid")),
      /older does not replace/,
    ],
    [
      "is ahead of the time",
      (_request, response) => void response.end(words("2036-11-19", "new.invalid")),
      /still to come/,
    ],
    [
      "redirects to a private network",
      (_request, response) => void response.writeHead(302, { location: "http://10.255.0.1/x" }).end(),
      /private address/,
    ],
    ["has it no more", (_request, response) => void response.writeHead(410).end(), /taken it away/],
  ])("%s", async (_name, misbehaving, problem) => {
    place = await makePlace([feed()]);
    answer(words("2026-11-20", "a.invalid"));
    await run();
    answering = misbehaving;
    const guard = {
      placeOf: (address: string) => (address === "127.0.0.1" ? undefined : "a private address"),
      resolve: async () => [],
    };
    const guarded = openFetcher({ userAgent: "test", limits: LIMITS, guard });
    fetchers.push(guarded);
    const synced = await sync({ wanted: ["feed"], fetcher: guarded }, place);
    expect(synced).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(problem) }]);
    expect(await place.known()).toEqual(["a.invalid"]);
    expect(await statusOf(place)).toMatchObject([
      { snapshots: [{ rows: 1 }], tries: { parts: { "": { problem: expect.stringMatching(problem) } } } },
    ]);
    // And all is well again once it behaves.
    answer(words("2026-11-25", "b.invalid"));
    expect(await run()).toMatchObject([{ outcome: "loaded" }]);
    expect(await place.known()).toEqual(["b.invalid"]);
    expect((await statusOf(place))[0]?.tries.parts[""]?.problem).toBeUndefined();
  });

  it.each<[string, TestIdentity, boolean]>([
    ["has the certificate of another host", identityFor("other.example"), true],
    ["has a certificate that nobody vouches for", identityFor("127.0.0.1"), false],
  ])("%s", async (_name, identity, isTrusted) => {
    const secure = await serve(
      (_request, response) => response.end(words("2026-11-20", "evil.invalid")),
      identity,
    );
    place = await makePlace([
      feed({ downloads: [{ name: "feed.json", url: secure.url("/"), maxBytes: 1e5 }] }),
    ]);
    const fetching = fetcher(isTrusted ? [identity.authority] : []);
    const synced = await sync({ wanted: [], fetcher: fetching }, place);
    expect(synced).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(/certificate/) }]);
    expect(await place.known()).toEqual([]);
    await secure.close();
  });

  it("does not keep the others waiting", async () => {
    const second = wordSource("second", {
      downloads: [{ name: "second.json", url: server.url("/second"), maxBytes: 1e5 }],
    });
    place = await makePlace([feed(), second]);
    answering = ({ url }, response) => {
      if (url === "/second") response.end(words("2026-11-20", "b.invalid"));
      else response.writeHead(404).end();
    };
    expect((await run()).map(({ outcome }) => outcome)).toEqual(["failed", "loaded"]);
    expect(await place.known()).toEqual(["b.invalid"]);
  });
});

describe("a download that was interrupted", () => {
  it("goes on in the next run", async () => {
    const body = words("2026-11-20", ...Array.from({ length: 3000 }, (_, index) => `${index}.invalid`));
    place = await makePlace([feed()]);
    let isWhole = false;
    answering = (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      if (isWhole && from > 0)
        return void response
          .writeHead(206, { etag: '"x"', "content-range": `bytes ${from}-${body.length - 1}/${body.length}` })
          .end(body.slice(from));
      response.writeHead(200, { etag: '"x"', "content-length": body.length });
      response.write(body.slice(0, 10_000), () => setTimeout(() => request.socket.destroy(), 30));
    };
    expect(await run()).toMatchObject([{ outcome: "failed" }]);
    isWhole = true;
    expect(await run()).toMatchObject([{ outcome: "loaded", snapshot: { rows: 3000 } }]);
    expect(server.requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
  });
});

describe("two at once", () => {
  it("are safe: one after the other, with the same result", async () => {
    place = await makePlace([feed()]);
    answering = (_request, response) =>
      void setTimeout(() => response.end(words("2026-11-20", "a.invalid")), 50);
    const outcomes = (await Promise.all([run(), run(), run()])).flat().map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(["loaded", "unchanged", "unchanged"]);
    expect(await place.known()).toEqual(["a.invalid"]);
  });
});

describe("what somebody names", () => {
  const choice = {
    title: "a list",
    example: "first",
    downloads: (name: string) => [
      { name: `${name}.json`, url: server.url(`/${name.toLowerCase()}`), maxBytes: 1e5 },
    ],
  };
  const answerByName: RequestListener = ({ url = "" }, response) => {
    if (url === "/none") response.writeHead(404).end();
    else response.end(words("2026-11-20", `${url.slice(1)}.invalid`));
  };

  it("is fetched as a part of its own, and remembered once it could be had", async () => {
    place = await makePlace([wordSource("feed", { choice })]);
    answering = answerByName;
    await expect(run(["feed"])).rejects.toMatchObject({
      code: "usage.value",
      message: expect.stringMatching(/feed=first/),
    });
    expect(await run()).toEqual([]);
    await run(["feed=one", "feed=two", "feed=ONE"]);
    expect(await run(["feed=none"])).toMatchObject([{ outcome: "failed" }]);
    expect(await place.known()).toEqual(["one.invalid", "two.invalid"]);
    expect((await run()).map(({ part, outcome }) => `${part} ${outcome}`)).toEqual([
      "one unchanged",
      "two unchanged",
    ]);
  });

  it("may be an address, for a source that is only ever brought", async () => {
    place = await makePlace([wordSource("feed")]);
    answering = answerByName;
    await run([`feed=${server.url("/here?key=secret")}`]);
    expect(place.base.snapshots().map(({ part }) => part)).toEqual([`${server.url("/here")}?…`]);
    await expect(run(["feed=word"])).rejects.toMatchObject({ code: "usage.value" });
  });

  it("may be a copy in the place of the publisher, until it is taken back", async () => {
    place = await makePlace([feed()]);
    answering = answerByName;
    await run([`feed=${server.url("/mirror")}`]);
    await run();
    expect(server.requests.map(({ path }) => path)).toEqual(["/mirror", "/mirror"]);
    await run(["feed="]);
    await run();
    expect(server.requests.slice(2).map(({ path }) => path)).toEqual(["/feed.json", "/feed.json"]);
  });

  it("must be there", async () => {
    place = await makePlace([feed()]);
    await expect(run(["nobody"])).rejects.toMatchObject({
      code: "usage.value",
      message: expect.stringMatching(/expected one of feed/),
    });
  });
});

it("tells of a damaged note, and does not take it for an empty one", async () => {
  place = await makePlace([feed()]);
  answer(words("2026-11-20", "a.invalid"));
  await run();
  const note = join(place.folder, "sources", "feed.json");
  writeFileSync(note, "{");
  await expect(run()).rejects.toMatchObject({
    code: "world.io",
    message: expect.stringMatching(/is damaged; remove it/),
  });
  rmSync(note);
  expect(await run()).toMatchObject([{ outcome: "unchanged" }]);
});
