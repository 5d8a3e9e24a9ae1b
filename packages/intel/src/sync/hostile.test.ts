import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { identityFor, serve, type TestIdentity } from "@sallyport/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePlace, type TestPlace, wordSource } from "./place.fixture.ts";
import { Publisher, words } from "./publisher.fixture.ts";
import { statusOf } from "./status.ts";
import { sync } from "./sync.ts";

let place: TestPlace;
let publisher: Publisher;
beforeEach(async () => {
  publisher = await Publisher.open();
});
afterEach(async () => {
  place.close();
  await publisher.close();
});

const run = (wanted: readonly string[] = [], again = false) =>
  sync({ wanted, again, mayBePlain: true, fetcher: publisher.fetcher() }, place);

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
    place = await makePlace([publisher.feed()]);
    publisher.answer(words("2026-11-20", "a.invalid"));
    await run();
    publisher.answering = misbehaving;
    const guard = {
      placeOf: (address: string) => (address === "127.0.0.1" ? undefined : "a private address"),
      resolve: async () => [],
    };
    const guarded = publisher.fetcher({ guard, allowPrivateNetwork: false });
    const synced = await sync({ wanted: ["feed"], fetcher: guarded, mayBePlain: true }, place);
    expect(synced).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(problem) }]);
    expect(await place.known()).toEqual(["a.invalid"]);
    expect(await statusOf(place)).toMatchObject([
      { snapshots: [{ rows: 1 }], tries: { parts: { "": { problem: expect.stringMatching(problem) } } } },
    ]);
    // And all is well again once it behaves.
    publisher.answer(words("2026-11-25", "b.invalid"));
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
      publisher.feed({ downloads: [{ name: "feed.json", url: secure.url("/"), maxBytes: 1e5 }] }),
    ]);
    const fetching = publisher.fetcher(isTrusted ? { authorities: [identity.authority] } : {});
    const synced = await sync({ wanted: [], fetcher: fetching }, place);
    expect(synced).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(/certificate/) }]);
    expect(await place.known()).toEqual([]);
    await secure.close();
  });

  it("says nothing over http, which anybody on the way can change", async () => {
    place = await makePlace([publisher.feed()]);
    publisher.answer(words("2026-11-20", "a.invalid"));
    const synced = await sync({ wanted: [], fetcher: publisher.fetcher() }, place);
    expect(synced).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(/over http only/) }]);
    expect(publisher.server.requests).toEqual([]);
  });

  it("does not keep the others waiting", async () => {
    const second = wordSource("second", {
      downloads: [{ name: "second.json", url: publisher.server.url("/second"), maxBytes: 1e5 }],
    });
    place = await makePlace([publisher.feed(), second]);
    publisher.answering = ({ url }, response) => {
      if (url === "/second") response.end(words("2026-11-20", "b.invalid"));
      else response.writeHead(404).end();
    };
    expect((await run()).map(({ outcome }) => outcome)).toEqual(["failed", "loaded"]);
    expect(await place.known()).toEqual(["b.invalid"]);
  });
});
