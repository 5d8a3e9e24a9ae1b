import { expect, it } from "vitest";
import { proxyOf } from "./network.ts";

it("reads proxies as other programs do", () => {
  expect(proxyOf({})).toEqual({});
  expect(
    proxyOf({ HTTPS_PROXY: "http://a.example", http_proxy: "http://b.example", NO_PROXY: "c.example" }),
  ).toEqual({
    https: "http://a.example",
    http: "http://b.example",
    except: "c.example",
  });
  expect(proxyOf({ all_proxy: "http://a.example", https_proxy: "http://b.example" })).toEqual({
    https: "http://b.example",
    http: "http://a.example",
  });
});

it("does not take what a web server makes of a header for a proxy", () => {
  expect(proxyOf({ HTTP_PROXY: "http://evil.example" })).toEqual({});
});
