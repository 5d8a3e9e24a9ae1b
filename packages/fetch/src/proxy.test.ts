import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityFor, serve } from "@sallyport/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { openFetcher } from "./fetch.ts";
import { proxyFor } from "./proxy.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("the proxy of an address", () => {
  const settings = {
    https: "http://proxy.example:3128",
    except: "internal.example, .corp.example,*.lab.example other.example:8443",
  };

  it.each([
    ["https://example.org/", "http://proxy.example:3128"],
    ["http://example.org/", undefined],
    ["https://internal.example/", undefined],
    ["https://deep.internal.example/", undefined],
    ["https://notinternal.example/", "http://proxy.example:3128"],
    ["https://a.corp.example/", undefined],
    ["https://a.lab.example/", undefined],
    ["https://other.example/", "http://proxy.example:3128"],
    ["https://other.example:8443/", undefined],
  ])("of %s is %s", (url, proxy) => {
    expect(proxyFor(new URL(url), settings)).toBe(proxy);
  });

  it("is none when everything is excepted, and told without its password when it is broken", () => {
    expect(proxyFor(new URL("https://a.example/"), { ...settings, except: "*" })).toBeUndefined();
    expect(() => proxyFor(new URL("https://a.example/"), { https: "socks5://u:secret@x" })).toThrow(
      /no http address/,
    );
  });
});

it("is asked to connect, proves nothing itself, and the server does", async () => {
  const identity = identityFor("127.0.0.1");
  const server = await serve((_request, response) => response.end("through"), identity);
  closing.push(() => server.close());
  const asked: string[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const port = Number(request.url?.split(":").at(-1));
    const onward = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  closing.push(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const fetcher = openFetcher({
    userAgent: "test",
    allowPrivateNetwork: true,
    authorities: [identity.authority],
    proxy: { https: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` },
  });
  closing.push(() => fetcher.close());
  const { tls, sizeBytes } = await fetcher.fetch({
    url: server.url("/"),
    path: join(folder, "x"),
    maxBytes: 100,
  });
  expect({ subject: tls?.subject, sizeBytes }).toEqual({ subject: "127.0.0.1", sizeBytes: 7 });
  expect(asked).toEqual([new URL(server.url("/")).host]);
});

it("is asked for the whole address of what is not protected, and looks the name up itself", async () => {
  const asked: string[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.end("through");
  });
  closing.push(() => proxy.close());
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const fetcher = openFetcher({ userAgent: "test", proxy: { http: proxy.url("") } });
  closing.push(() => fetcher.close());
  await fetcher.fetch({ url: "http://files.invalid/x", path: join(folder, "x"), maxBytes: 100 });
  expect(asked).toEqual(["http://files.invalid/x"]);
  const inside = fetcher.fetch({ url: "http://10.0.0.1/x", path: join(folder, "y"), maxBytes: 100 });
  await expect(inside).rejects.toMatchObject({ code: "fetch.address" });
});
