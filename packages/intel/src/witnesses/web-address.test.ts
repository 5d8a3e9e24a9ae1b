import { expect, it } from "vitest";
import { downloadUrl } from "./web-address.ts";

it.each([
  ["https://a.example/x.exe#/dl.7z", "https://a.example/x.exe"],
  ["HTTPS://A.example/x?y=1", "https://a.example/x?y=1"],
  ["https://me:secret@a.example/x", "https://a.example/x"],
  ["ftp://a.example/x", "ftp://a.example/x"],
  ["file:///etc/passwd", undefined],
  ["javascript:alert(1)", undefined],
  ["no address", undefined],
  [`https://a.example/${"x".repeat(4000)}`, undefined],
  // Three times as long when it is written as addresses are.
  [`https://a.example/${"é".repeat(1900)}`, undefined],
])("reads %.40s as %s", (text, url) => {
  expect(downloadUrl(text)).toBe(url);
});
