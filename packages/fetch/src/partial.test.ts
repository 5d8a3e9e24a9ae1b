import { writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BODY, FetchPlace, QUICK } from "./fetching.fixture.ts";

let place: FetchPlace;
beforeEach(() => {
  place = new FetchPlace();
});
afterEach(() => place.close());

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
    const server = await place.serving(breaking(['"one"']));
    const fetched = await place.fetching(server.url("/"));
    expect(fetched.resumedAtBytes).toBeGreaterThan(0);
    expect(fetched.sizeBytes).toBe(BODY.length);
    expect(place.written().equals(BODY)).toBe(true);
    expect(server.requests[1]?.headers).toMatchObject({
      range: `bytes=${fetched.resumedAtBytes}-`,
      "if-range": '"one"',
    });
  });

  it("goes on in the next run as well", async () => {
    const server = await place.serving(breaking(['"one"']));
    await expect(
      place.fetching(server.url("/"), {}, { limits: { ...QUICK, tries: 1 } }),
    ).rejects.toMatchObject({
      code: "fetch.connection",
    });
    expect((await place.fetching(server.url("/"))).resumedAtBytes).toBeGreaterThan(0);
    expect(place.written().equals(BODY)).toBe(true);
  });

  it.each([
    ["the thing changed", ['"one"', '"two"'], true],
    ["the server knows no ranges", ['"one"'], false],
    ["the tag is a weak one", ['W/"one"'], true],
  ])("begins again when %s", async (_name, etags, answersRanges) => {
    const server = await place.serving(breaking(etags, answersRanges));
    expect((await place.fetching(server.url("/"))).resumedAtBytes).toBe(0);
    expect(place.written().equals(BODY)).toBe(true);
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
      const server = await place.serving(dated(new Date(Date.now() - age).toUTCString()));
      await place.fetching(server.url("/"));
      expect(server.requests[1]?.headers.range !== undefined).toBe(condition);
      expect(place.written().equals(BODY)).toBe(true);
    }
  });

  it("begins again when the server sends the rest of something else", async () => {
    const other = Buffer.alloc(BODY.length, "x");
    let turn = 0;
    const server = await place.serving((request, response) => {
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
    await place.fetching(server.url("/"));
    expect(place.written().equals(other)).toBe(true);
  });

  it("begins again when the server goes on elsewhere", async () => {
    let turn = 0;
    const server = await place.serving((request, response) => {
      turn += 1;
      if (request.headers.range !== undefined)
        response.writeHead(206, { "content-range": "bytes 1-9/10" }).end("elsewhere");
      else if (turn > 1) response.end(BODY);
      else {
        response.writeHead(200, { etag: '"one"', "content-length": BODY.length });
        response.write(BODY.subarray(0, 1000), () => setTimeout(() => request.socket.destroy(), 50));
      }
    });
    await place.fetching(server.url("/"));
    expect(place.written().equals(BODY)).toBe(true);
    expect(turn).toBe(3);
  });

  it("does not go on with what something else left at the path", async () => {
    writeFileSync(place.file, "something else");
    const server = await place.serving((_request, response) => response.end(BODY));
    await place.fetching(server.url("/"));
    expect(place.written().equals(BODY)).toBe(true);
    expect(server.requests[0]?.headers.range).toBeUndefined();
  });
});
