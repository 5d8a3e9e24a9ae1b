import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { identityFor, serve, type TestIdentity, type TestServer } from "@sallyport/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "./address.ts";
import { type Fetcher, type FetcherOptions, type FetchRequest, openFetcher } from "./fetch.ts";

const BODY = Buffer.from("what the server has ".repeat(2000));
const BOMB = gzipSync(Buffer.alloc(50_000_000));
const QUICK = {
  milliseconds: 20_000,
  idleMilliseconds: 400,
  windowMilliseconds: 1000,
  minWindowBytes: 100,
  tries: 2,
  waitMilliseconds: 5,
};

let folder = "";
const servers: TestServer[] = [];
const fetchers: Fetcher[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fetch-"));
});
afterEach(async () => {
  for (const fetcher of fetchers.splice(0)) fetcher.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function serving(listener: RequestListener, tls?: TestIdentity): Promise<TestServer> {
  const server = await serve(listener, tls);
  servers.push(server);
  return server;
}

function fetching(url: string, more: Partial<FetchRequest> = {}, options: Partial<FetcherOptions> = {}) {
  const fetcher = openFetcher({ userAgent: "test", allowPrivateNetwork: true, limits: QUICK, ...options });
  fetchers.push(fetcher);
  return fetcher.fetch({ url, path: join(folder, "file"), maxBytes: 1_000_000, ...more });
}

/** Sends the same again and again, until nobody listens. */
function repeat(response: ServerResponse, milliseconds: number, piece: Buffer): void {
  const timer = setInterval(() => response.write(piece), milliseconds);
  response.on("close", () => clearInterval(timer));
}

const written = (): Buffer => readFileSync(join(folder, "file"));
const rejection = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe("an ordinary answer", () => {
  it("is written whole, with what the server says of it", async () => {
    const server = await serving((_request, response) => {
      const headers = {
        "content-type": "text/x",
        etag: '"one"',
        "last-modified": "Tue, 03 Mar 2026 10:00:00 GMT",
      };
      response.writeHead(200, headers).end(BODY);
    });
    const fetched = await fetching(server.url("/a?token=secret#part"));
    expect(written().equals(BODY)).toBe(true);
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
    const server = await serving((request, response) => {
      const isKnown = request.headers["if-none-match"] === '"one"';
      response.writeHead(isKnown ? 304 : 200, { etag: '"one"' }).end(isKnown ? undefined : BODY);
    });
    const fetched = await fetching(server.url("/"), { known: { etag: '"one"' } });
    expect(fetched).toMatchObject({ isUnchanged: true, sizeBytes: 0 });
  });

  it("is unpacked when it was packed without being asked, but a gzip file is kept as it is", async () => {
    const server = await serving(({ url }, response) => {
      if (url === "/br") response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(BODY));
      else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(BODY));
    });
    await fetching(server.url("/br"));
    expect(written().equals(BODY)).toBe(true);
    await fetching(server.url("/list.csv"));
    expect(written().equals(BODY)).toBe(true);
    await fetching(server.url("/list.csv.gz"));
    expect(written().equals(gzipSync(BODY))).toBe(true);
  });
});

describe("where bytes come from", () => {
  it.each([
    "http://127.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/",
    "https://10.0.0.1/",
  ])("is never %s, unless somebody says so", async (url) => {
    await expect(fetching(url, {}, { allowPrivateNetwork: false })).rejects.toMatchObject(
      rejection("fetch.address", /address/),
    );
  });

  it.each([
    ["file:///etc/passwd", /only http and https/],
    ["ftp://example.invalid/", /only http and https/],
    ["https://name:secret@example.invalid/", /holds a name or password/],
    ["no address", /is no address/],
  ])("is never %s", async (url, message) => {
    const failure = await fetching(url).catch((error: Error) => error);
    expect(failure).toMatchObject(rejection("fetch.url", message));
    expect(String(failure)).not.toContain("secret");
  });

  it("follows redirects and tells of each", async () => {
    const server = await serving(({ url }, response) => {
      if (url === "/c?key=1") response.end(BODY);
      else response.writeHead(302, { location: url === "/a" ? "b" : "/c?key=1" }).end("moved");
    });
    const { urls } = await fetching(server.url("/a"));
    expect(urls).toEqual([server.url("/a"), server.url("/b"), `${server.url("/c")}?…`]);
  });

  it.each([
    ["http://127.0.0.2:1/", "fetch.address", /127\.0\.0\.2/],
    ["http://[::ffff:10.1.2.3]/", "fetch.address", /private/],
    ["http://inside.example/", "fetch.address", /10\.1\.2\.3/],
    ["file:///etc/passwd", "fetch.url", /only http/],
    ["/a", "fetch.redirect", /more than/],
  ])("does not follow one to %s", async (location, code, message) => {
    const server = await serving((_request, response) => response.writeHead(301, { location }).end());
    const guard = {
      placeOf: (address: string) => (address === "127.0.0.1" ? undefined : (placeOf(address) ?? undefined)),
      resolve: async () => [{ address: "10.1.2.3", family: 4 }],
    };
    await expect(fetching(server.url("/a"), {}, { guard })).rejects.toMatchObject(rejection(code, message));
  });

  it("is judged at the very connection: an answer of names that changes changes nothing", async () => {
    const server = await serving(({ url }, response) => {
      if (url === "/a") response.writeHead(302, { location: "/b", connection: "close" }).end();
      else response.end(BODY);
    });
    const answers = ["127.0.0.1", "127.0.0.2"];
    let asked = 0;
    const guard = {
      placeOf: (address: string) => (address === "127.0.0.1" ? undefined : placeOf(address)),
      resolve: async () => [{ address: answers[asked++] ?? "127.0.0.2", family: 4 }],
    };
    const url = server.url("/a").replace("127.0.0.1", "changing.example");
    await expect(fetching(url, {}, { guard })).rejects.toMatchObject(
      rejection("fetch.address", /127\.0\.0\.2/),
    );
    expect(server.requests.map(({ path }) => path)).toEqual(["/a"]);
  });

  it("is nowhere when only one of a name's addresses is private", async () => {
    const guard = {
      placeOf,
      resolve: async () => [
        { address: "8.8.8.8", family: 4 },
        { address: "192.168.0.1", family: 4 },
      ],
    };
    await expect(fetching("http://both.example/", {}, { guard })).rejects.toMatchObject({
      code: "fetch.address",
    });
  });
});

describe("who is at the other end", () => {
  it("is told with the certificate", async () => {
    const identity = identityFor("127.0.0.1");
    const server = await serving((_request, response) => response.end(BODY), identity);
    const { tls } = await fetching(server.url("/"), {}, { authorities: [identity.authority] });
    expect(tls).toMatchObject({ protocol: "TLSv1.3", subject: "127.0.0.1", issuer: "Example Authority" });
    expect(tls?.certificateSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(tls?.validUntil).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it.each([
    ["for another host", identityFor("other.example"), true, /for another host/],
    ["that has expired", identityFor("127.0.0.1", -1), true, /has expired/],
    [
      "of an unknown authority",
      identityFor("127.0.0.1"),
      false,
      /authority that is not trusted|not trusted|vouches/,
    ],
  ])("is not believed with a certificate %s", async (_name, identity, isTrusted, message) => {
    const server = await serving((_request, response) => response.end(BODY), identity);
    const options = isTrusted ? { authorities: [identity.authority] } : {};
    await expect(fetching(server.url("/"), {}, options)).rejects.toMatchObject(
      rejection("fetch.tls", message),
    );
    expect(server.requests).toEqual([]);
  });

  it("does not lead down to plain HTTP, unless somebody judges it", async () => {
    const identity = identityFor("127.0.0.1");
    const plain = await serving((_request, response) => response.end(BODY));
    const server = await serving(
      (_request, response) => response.writeHead(302, { location: plain.url("/x") }).end(),
      identity,
    );
    const options = { authorities: [identity.authority] };
    await expect(fetching(server.url("/"), {}, options)).rejects.toMatchObject({ code: "fetch.redirect" });
    const { urls } = await fetching(server.url("/"), { mayLeaveTls: true }, options);
    expect(urls).toEqual([server.url("/"), plain.url("/x")]);
  });
});

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
    const server = await serving(listener);
    await expect(fetching(server.url("/"))).rejects.toMatchObject(rejection(code, message));
  });

  it("is asked again when it was not ready, and not when it has nothing", async () => {
    let turn = 0;
    const server = await serving(({ url }, response) => {
      if (url === "/none" || turn++ === 0) response.writeHead(url === "/none" ? 404 : 503).end();
      else response.end(BODY);
    });
    await fetching(server.url("/"));
    expect(written().equals(BODY)).toBe(true);
    await expect(fetching(server.url("/none"))).rejects.toMatchObject({ code: "fetch.status" });
    expect(server.requests.map(({ path }) => path)).toEqual(["/", "/", "/none"]);
  });

  it("takes no longer than everything together may take", async () => {
    const server = await serving((_request, response) => repeat(response, 20, BODY));
    const limits = { ...QUICK, milliseconds: 300 };
    await expect(fetching(server.url("/"), { maxBytes: 1e12 }, { limits })).rejects.toMatchObject({
      code: "fetch.slow",
    });
  });
});

describe("a download that was interrupted", () => {
  /** Sends half of it, then breaks; and answers ranges as they should be. */
  const breaking = (etags: readonly string[], answerRange = true): RequestListener => {
    let turn = 0;
    return (request, response) => {
      const etag = etags[Math.min(turn, etags.length - 1)] ?? "";
      turn += 1;
      const { range = "", "if-range": condition } = request.headers;
      const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
      if (answerRange && from > 0 && condition === etag) {
        const headers = {
          etag,
          "content-range": `bytes ${from}-${BODY.length - 1}/${BODY.length}`,
          "content-length": BODY.length - from,
        };
        response.writeHead(206, headers).end(BODY.subarray(from));
        return;
      }
      response.writeHead(200, { etag, "content-length": BODY.length });
      if (turn > 1) response.end(BODY);
      else
        response.write(BODY.subarray(0, BODY.length / 2), () =>
          setTimeout(() => request.socket.destroy(), 50),
        );
    };
  };

  it("goes on where it ended", async () => {
    const server = await serving(breaking(['"one"']));
    const fetched = await fetching(server.url("/"));
    expect(fetched.resumedAtBytes).toBeGreaterThan(0);
    expect(fetched.sizeBytes).toBe(BODY.length);
    expect(written().equals(BODY)).toBe(true);
    expect(server.requests[1]?.headers).toMatchObject({
      range: `bytes=${fetched.resumedAtBytes}-`,
      "if-range": '"one"',
    });
  });

  it("goes on in the next run as well", async () => {
    const server = await serving(breaking(['"one"']));
    await expect(fetching(server.url("/"), {}, { limits: { ...QUICK, tries: 1 } })).rejects.toMatchObject({
      code: "fetch.connection",
    });
    expect((await fetching(server.url("/"))).resumedAtBytes).toBeGreaterThan(0);
    expect(written().equals(BODY)).toBe(true);
  });

  it.each([
    ["the thing changed", ['"one"', '"two"'], true],
    ["the server knows no ranges", ['"one"'], false],
    ["the tag is a weak one", ['W/"one"'], true],
  ])("begins again when %s", async (_name, etags, answersRanges) => {
    const server = await serving(breaking(etags, answersRanges));
    expect((await fetching(server.url("/"))).resumedAtBytes).toBe(0);
    expect(written().equals(BODY)).toBe(true);
  });

  it("goes on by a date only when that is older than the answer by a minute", async () => {
    const dated = (lastModified: string): RequestListener => {
      let turn = 0;
      return (request, response) => {
        const headers = { "last-modified": lastModified, "content-length": BODY.length };
        if (turn++ > 0) return void response.writeHead(200, headers).end(BODY);
        response.writeHead(200, headers);
        response.write(BODY.subarray(0, 1000), () => setTimeout(() => request.socket.destroy(), 50));
      };
    };
    for (const [age, condition] of [
      [3_600_000, true],
      [0, false],
    ] as const) {
      const server = await serving(dated(new Date(Date.now() - age).toUTCString()));
      await fetching(server.url("/"));
      expect(server.requests[1]?.headers.range !== undefined).toBe(condition);
      expect(written().equals(BODY)).toBe(true);
    }
  });

  it("begins again when the server sends the rest of something else", async () => {
    const other = Buffer.alloc(BODY.length, "x");
    let turn = 0;
    const server = await serving((request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      turn += 1;
      const etag = turn === 1 ? '"one"' : '"two"';
      if (from > 0)
        return void response
          .writeHead(206, { etag, "content-range": `bytes ${from}-${other.length - 1}/${other.length}` })
          .end(other.subarray(from));
      response.writeHead(200, { etag, "content-length": BODY.length });
      if (turn > 1) response.end(other);
      else response.write(BODY.subarray(0, 1000), () => setTimeout(() => request.socket.destroy(), 50));
    });
    await fetching(server.url("/"));
    expect(written().equals(other)).toBe(true);
  });

  it("begins again when the server goes on elsewhere", async () => {
    let turn = 0;
    const server = await serving((request, response) => {
      turn += 1;
      if (request.headers.range !== undefined)
        response.writeHead(206, { "content-range": "bytes 1-9/10" }).end("elsewhere");
      else if (turn > 1) response.end(BODY);
      else {
        response.writeHead(200, { etag: '"one"', "content-length": BODY.length });
        response.write(BODY.subarray(0, 1000), () => setTimeout(() => request.socket.destroy(), 50));
      }
    });
    await fetching(server.url("/"));
    expect(written().equals(BODY)).toBe(true);
    expect(turn).toBe(3);
  });

  it("does not go on with what something else left at the path", async () => {
    writeFileSync(join(folder, "file"), "something else");
    const server = await serving((_request, response) => response.end(BODY));
    await fetching(server.url("/"));
    expect(written().equals(BODY)).toBe(true);
    expect(server.requests[0]?.headers.range).toBeUndefined();
  });
});

it("says so when the disk does not take it", async () => {
  const server = await serving((_request, response) => response.end(BODY));
  const path = join(folder, "missing", "file");
  await expect(fetching(server.url("/"), { path })).rejects.toMatchObject({ code: "world.io" });
});
