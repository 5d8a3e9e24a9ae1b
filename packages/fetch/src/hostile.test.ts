import type { RequestListener, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BODY, FetchPlace, QUICK } from "./fetching.fixture.ts";

const BOMB = gzipSync(Buffer.alloc(50_000_000));
let place: FetchPlace;
beforeEach(() => {
  place = new FetchPlace();
});
afterEach(() => place.close());

const rejection = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

/** Sends the same again and again, until nobody listens. */
function repeat(response: ServerResponse, milliseconds: number, piece: Buffer): void {
  const timer = setInterval(() => response.write(piece), milliseconds);
  response.on("close", () => clearInterval(timer));
}

describe("a server that misbehaves", () => {
  it.each<[string, RequestListener, string, RegExp]>([
    [
      "sends more than it may",
      (_request, response) => void response.end(Buffer.alloc(1_000_001)),
      "fetch.over-limit",
      /more than the 1000000 bytes/,
    ],
    [
      "sends without end",
      (_request, response) => repeat(response, 1, Buffer.alloc(100_000)),
      "fetch.over-limit",
      /more than/,
    ],
    [
      "sends pieces that are none",
      ({ socket }) =>
        void socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\nZZ\r\nab\r\n"),
      "fetch.connection",
      /the connection broke/,
    ],
    [
      "sends a gzip bomb",
      (_request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(BOMB),
      "fetch.over-limit",
      /more than/,
    ],
    [
      "sends damaged gzip",
      (_request, response) =>
        void response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip at all"),
      "fetch.encoding",
      /damaged/,
    ],
    [
      "packs in its own way",
      (_request, response) => void response.writeHead(200, { "content-encoding": "zstd, gzip" }).end("x"),
      "fetch.encoding",
      /not asked for/,
    ],
    ["never answers", () => undefined, "fetch.slow", /no answer in time/],
    ["stops in the middle", (_request, response) => void response.write(BODY), "fetch.slow", /too slowly/],
    ["drips", (_request, response) => repeat(response, 100, Buffer.from("x")), "fetch.slow", /too slowly/],
    ["cuts the connection", (request) => void request.socket.destroy(), "fetch.connection", /broke/],
    [
      "has nothing there",
      (_request, response) => void response.writeHead(404).end("gone"),
      "fetch.status",
      /HTTP 404/,
    ],
    [
      "is not ready",
      (_request, response) => void response.writeHead(503, { "retry-after": "0" }).end(),
      "fetch.status",
      /HTTP 503/,
    ],
    [
      "says that nothing changed, unasked",
      (_request, response) => void response.writeHead(304).end(),
      "fetch.status",
      /HTTP 304/,
    ],
    [
      "sends a part, unasked",
      (_request, response) => void response.writeHead(206, { "content-range": "bytes 5-6/7" }).end("xx"),
      "fetch.status",
      /HTTP 206/,
    ],
    [
      "speaks no HTTP",
      (request) => void request.socket.end("SSH-2.0-OpenSSH_9.9\r\n"),
      "fetch.status",
      /no HTTP/,
    ],
    [
      "sends endless headers",
      (request) => void request.socket.end(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(20_000)}\r\n`),
      "fetch.status",
      /no HTTP/,
    ],
  ])("is left when it %s", async (_name, listener, code, message) => {
    const server = await place.serving(listener);
    await expect(place.fetching(server.url("/"))).rejects.toMatchObject(rejection(code, message));
  });

  it("is asked again when it was not ready, and not when it has nothing", async () => {
    let turn = 0;
    const server = await place.serving(({ url }, response) => {
      if (url === "/none" || turn++ === 0) response.writeHead(url === "/none" ? 404 : 503).end();
      else response.end(BODY);
    });
    await place.fetching(server.url("/"));
    expect(place.written().equals(BODY)).toBe(true);
    await expect(place.fetching(server.url("/none"))).rejects.toMatchObject({ code: "fetch.status" });
    expect(server.requests.map(({ path }) => path)).toEqual(["/", "/", "/none"]);
  });

  it("takes no longer than everything together may take", async () => {
    const server = await place.serving((_request, response) => repeat(response, 20, BODY));
    const limits = { ...QUICK, milliseconds: 300 };
    await expect(place.fetching(server.url("/"), { maxBytes: 1e12 }, { limits })).rejects.toMatchObject({
      code: "fetch.slow",
    });
  });
});
