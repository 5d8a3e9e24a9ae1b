import { readdirSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followingSource, makePlace, type TestPlace, wordSource } from "./place.fixture.ts";
import { Publisher, words } from "./publisher.fixture.ts";
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

describe("what a publisher has", () => {
  it("is known afterwards, and asked for conditionally the next time", async () => {
    place = await makePlace([publisher.feed()]);
    publisher.answering = (request, response) => {
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
    expect(publisher.server.requests).toHaveLength(2);
  });

  it("takes the place of what it had before, and old files go after a while", async () => {
    place = await makePlace([publisher.feed()]);
    publisher.answer(words("2026-11-20", "a.invalid"));
    await run();
    publisher.answer(words("2026-11-21", "b.invalid"));
    expect(await run()).toMatchObject([
      { before: { rows: 1 }, snapshot: { asOf: "2026-11-21T00:00:00.000Z" } },
    ]);
    expect(await place.known()).toEqual(["b.invalid"]);
    expect(readdirSync(join(place.folder, "files"))).toHaveLength(2);
    place.time = new Date(Date.now() + 48 * 60 * 60_000);
    publisher.answer(words("2026-11-22", "c.invalid"));
    await run();
    expect(readdirSync(join(place.folder, "files"))).toHaveLength(1);
  });

  it("is read again, unchanged, only when somebody wants it", async () => {
    place = await makePlace([publisher.feed()]);
    publisher.answer(words("2026-11-20", "a.invalid"));
    await run();
    expect(await run()).toMatchObject([{ outcome: "unchanged" }]);
    expect(await run([], true)).toMatchObject([{ outcome: "loaded" }]);
  });

  it("is read again, unchanged, by another version of the program, once", async () => {
    place = Object.assign(await makePlace([publisher.feed()]), { version: "1" });
    publisher.answer(words("2026-11-20", "a.invalid"));
    await run();
    expect(await run()).toMatchObject([{ outcome: "unchanged" }]);
    place = Object.assign(place, { version: "2" });
    expect(await run()).toMatchObject([{ outcome: "loaded", snapshot: { rows: 1 } }]);
    expect(await run()).toMatchObject([{ outcome: "unchanged" }]);
    publisher.answer("nothing that can be read");
    expect(await run()).toMatchObject([{ outcome: "failed" }]);
    publisher.answer(words("2026-11-20", "a.invalid"));
    expect(await run()).toMatchObject([{ outcome: "unchanged" }]);
  });

  it("is fetched with everything that it names", async () => {
    place = await makePlace([
      followingSource("feed", { name: "feed.json", url: publisher.server.url("/feed.json"), maxBytes: 1e5 }),
    ]);
    publisher.answering = ({ url }, response) => {
      const number = Number(url?.slice(1)) || 0;
      const more =
        number < 3 ? [publisher.server.url(`/${number + 1}`), publisher.server.url("/missing")] : [];
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
      followingSource("feed", { name: "feed.json", url: publisher.server.url("/0"), maxBytes: 1e5 }),
    ]);
    publisher.answering = ({ url }, response) =>
      void response.end(
        JSON.stringify({
          words: ["a.invalid"],
          more: [publisher.server.url(`/${Number(url?.slice(1)) + 1}`)],
        }),
      );
    expect(await run()).toMatchObject([{ outcome: "failed", problem: expect.stringMatching(/ever more/) }]);
    expect(await place.known()).toEqual([]);
  });
});

describe("a download that was interrupted", () => {
  it("goes on in the next run", async () => {
    const body = words("2026-11-20", ...Array.from({ length: 3000 }, (_, index) => `${index}.invalid`));
    place = await makePlace([publisher.feed()]);
    let isWhole = false;
    publisher.answering = (request, response) => {
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
    expect(publisher.server.requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
  });
});

describe("two at once", () => {
  it("are safe: one after the other, with the same result", async () => {
    place = await makePlace([publisher.feed()]);
    publisher.answering = (_request, response) =>
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
      { name: `${name}.json`, url: publisher.server.url(`/${name.toLowerCase()}`), maxBytes: 1e5 },
    ],
  };
  const answerByName: RequestListener = ({ url = "" }, response) => {
    if (url === "/none") response.writeHead(404).end();
    else response.end(words("2026-11-20", `${url.slice(1)}.invalid`));
  };

  it("is fetched as a part of its own, and remembered once it could be had", async () => {
    place = await makePlace([wordSource("feed", { choice })]);
    publisher.answering = answerByName;
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
    publisher.answering = answerByName;
    await run([`feed=${publisher.server.url("/here?key=secret")}`]);
    expect(place.base.snapshots().map(({ part }) => part)).toEqual([`${publisher.server.url("/here")}?…`]);
    await expect(run(["feed=word"])).rejects.toMatchObject({ code: "usage.value" });
  });

  it("may be a copy in the place of the publisher, until it is taken back", async () => {
    place = await makePlace([publisher.feed()]);
    publisher.answering = answerByName;
    await run([`feed=${publisher.server.url("/mirror")}`]);
    await run();
    expect(publisher.server.requests.map(({ path }) => path)).toEqual(["/mirror", "/mirror"]);
    await run(["feed="]);
    await run();
    expect(publisher.server.requests.slice(2).map(({ path }) => path)).toEqual(["/feed.json", "/feed.json"]);
  });

  it("must be there", async () => {
    place = await makePlace([publisher.feed()]);
    await expect(run(["nobody"])).rejects.toMatchObject({
      code: "usage.value",
      message: expect.stringMatching(/expected one of feed/),
    });
  });
});

it("tells of a damaged note, and does not take it for an empty one", async () => {
  place = await makePlace([publisher.feed()]);
  publisher.answer(words("2026-11-20", "a.invalid"));
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
