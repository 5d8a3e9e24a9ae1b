import { identityFor } from "@sallyport/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "./address.ts";
import { BODY, FetchPlace } from "./fetching.fixture.ts";

let place: FetchPlace;
beforeEach(() => {
  place = new FetchPlace();
});
afterEach(() => place.close());

const rejection = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

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
    await expect(place.fetching(url, {}, { allowPrivateNetwork: false })).rejects.toMatchObject(
      rejection("fetch.address", /address/),
    );
  });

  it.each([
    ["file:///etc/passwd", /only http and https/],
    ["ftp://example.invalid/", /only http and https/],
    ["https://name:secret@example.invalid/", /holds a name or password/],
    ["no address", /is no address/],
  ])("is never %s", async (url, message) => {
    const failure = await place.fetching(url).catch((error: Error) => error);
    expect(failure).toMatchObject(rejection("fetch.url", message));
    expect(String(failure)).not.toContain("secret");
  });

  it("follows redirects and tells of each", async () => {
    const server = await place.serving(({ url }, response) => {
      if (url === "/c?key=1") response.end(BODY);
      else response.writeHead(302, { location: url === "/a" ? "b" : "/c?key=1" }).end("moved");
    });
    const { urls } = await place.fetching(server.url("/a"));
    expect(urls).toEqual([server.url("/a"), server.url("/b"), `${server.url("/c")}?…`]);
  });

  it.each([
    ["http://127.0.0.2:1/", "fetch.address", /127\.0\.0\.2/],
    ["http://[::ffff:10.1.2.3]/", "fetch.address", /private/],
    ["http://inside.example/", "fetch.address", /10\.1\.2\.3/],
    ["file:///etc/passwd", "fetch.url", /only http/],
    ["/a", "fetch.redirect", /more than/],
  ])("does not follow one to %s", async (location, code, message) => {
    const server = await place.serving((_request, response) => response.writeHead(301, { location }).end());
    const guard = {
      placeOf: (address: string) => (address === "127.0.0.1" ? undefined : (placeOf(address) ?? undefined)),
      resolve: async () => [{ address: "10.1.2.3", family: 4 }],
    };
    await expect(place.fetching(server.url("/a"), {}, { guard })).rejects.toMatchObject(
      rejection(code, message),
    );
  });

  it("is judged at the very connection: an answer of names that changes changes nothing", async () => {
    const server = await place.serving(({ url }, response) => {
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
    await expect(place.fetching(url, {}, { guard })).rejects.toMatchObject(
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
    await expect(place.fetching("http://both.example/", {}, { guard })).rejects.toMatchObject({
      code: "fetch.address",
    });
  });
});

describe("who is at the other end", () => {
  it("is told with the certificate", async () => {
    const identity = identityFor("127.0.0.1");
    const server = await place.serving((_request, response) => response.end(BODY), identity);
    const { tls } = await place.fetching(server.url("/"), {}, { authorities: [identity.authority] });
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
    const server = await place.serving((_request, response) => response.end(BODY), identity);
    const options = isTrusted ? { authorities: [identity.authority] } : {};
    await expect(place.fetching(server.url("/"), {}, options)).rejects.toMatchObject(
      rejection("fetch.tls", message),
    );
    expect(server.requests).toEqual([]);
  });

  it("does not lead down to plain HTTP, unless somebody judges it", async () => {
    const identity = identityFor("127.0.0.1");
    const plain = await place.serving((_request, response) => response.end(BODY));
    const server = await place.serving(
      (_request, response) => response.writeHead(302, { location: plain.url("/x") }).end(),
      identity,
    );
    const options = { authorities: [identity.authority] };
    await expect(place.fetching(server.url("/"), {}, options)).rejects.toMatchObject({
      code: "fetch.redirect",
    });
    const { urls } = await place.fetching(server.url("/"), { mayLeaveTls: true }, options);
    expect(urls).toEqual([server.url("/"), plain.url("/x")]);
  });
});
