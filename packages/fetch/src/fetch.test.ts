import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BODY, FetchPlace } from "./fetching.fixture.ts";

let place: FetchPlace;
beforeEach(() => {
  place = new FetchPlace();
});
afterEach(() => place.close());

describe("an ordinary answer", () => {
  it("is written whole, with what the server says of it", async () => {
    const server = await place.serving((_request, response) => {
      const headers = {
        "content-type": "text/x",
        etag: '"one"',
        "last-modified": "Tue, 03 Mar 2026 10:00:00 GMT",
      };
      response.writeHead(200, headers).end(BODY);
    });
    const fetched = await place.fetching(server.url("/a?token=secret#part"));
    expect(place.written().equals(BODY)).toBe(true);
    expect(fetched).toEqual({
      isUnchanged: false,
      urls: [`${server.url("/a")}?…`],
      sizeBytes: BODY.length,
      resumedAtBytes: 0,
      contentType: "text/x",
      etag: '"one"',
      lastModified: "Tue, 03 Mar 2026 10:00:00 GMT",
    });
    expect(server.requests[0]?.headers).toMatchObject({
      "accept-encoding": "identity",
      "user-agent": "test",
    });
  });

  it("is not sent again when nothing changed", async () => {
    const server = await place.serving((request, response) => {
      const isKnown = request.headers["if-none-match"] === '"one"';
      response.writeHead(isKnown ? 304 : 200, { etag: '"one"' }).end(isKnown ? undefined : BODY);
    });
    const fetched = await place.fetching(server.url("/"), { known: { etag: '"one"' } });
    expect(fetched).toMatchObject({ isUnchanged: true, sizeBytes: 0 });
  });

  it("is unpacked when it was packed without being asked, but a gzip file is kept as it is", async () => {
    const server = await place.serving(({ url }, response) => {
      if (url === "/br") response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(BODY));
      else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(BODY));
    });
    await place.fetching(server.url("/br"));
    expect(place.written().equals(BODY)).toBe(true);
    await place.fetching(server.url("/list.csv"));
    expect(place.written().equals(BODY)).toBe(true);
    await place.fetching(server.url("/list.csv.gz"));
    expect(place.written().equals(gzipSync(BODY))).toBe(true);
  });
});

it("says so when the disk does not take it", async () => {
  const server = await place.serving((_request, response) => response.end(BODY));
  const path = join(place.folder, "missing", "file");
  await expect(place.fetching(server.url("/"), { path })).rejects.toMatchObject({ code: "world.io" });
});
