import { expect, it } from "vitest";
import { readPropertyList } from "./read-property-list.ts";

const list = (body: string) =>
  readPropertyList(
    Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">${body}</plist>`,
    ),
  );
const refuses = (body: string, code = "artifact.malformed") =>
  expect(() => list(body)).toThrowError(expect.objectContaining({ code }));

it("reads every kind of value", () => {
  const body = `<dict>
    <key>text</key><string>a &amp; b</string><key>whole</key><integer>-5</integer><key>part</key><real>1.5</real>
    <key>yes</key><true/><key>no</key><false/><key>bytes</key><data> AQI
    D </data><key>when</key><date>2026-11-25T12:00:00Z</date>
    <key>list</key><array><string>x</string><dict><key></key><string/></dict></array></dict>`;
  expect(list(body)).toEqual(
    new Map<string, unknown>([
      ["text", "a & b"],
      ["whole", -5],
      ["part", 1.5],
      ["yes", true],
      ["no", false],
      ["bytes", Buffer.from([1, 2, 3])],
      ["when", new Date("2026-11-25T12:00:00Z")],
      ["list", ["x", new Map([["", ""]])]],
    ]),
  );
});

it.each([
  ["a key twice", "<dict><key>a</key><true/><key>a</key><false/></dict>"],
  ["a key without a value", "<dict><key>a</key></dict>"],
  ["a value without a key", "<dict><true/><key>a</key></dict>"],
  ["another kind of value", "<dict><key>a</key><set/></dict>"],
  ["no dictionary", "<array/>"],
  ["two values", "<dict/><dict/>"],
  ["data that is not base64", "<dict><key>a</key><data>A!</data></dict>"],
  ["a number that is none", "<dict><key>a</key><integer>1.5</integer></dict>"],
  ["a date that is none", "<dict><key>a</key><date>soon</date></dict>"],
])("refuses %s", (_, body) => refuses(body));

it("refuses lists that nest without end, and binary ones by name", () => {
  refuses(
    `<dict><key>a</key>${"<array>".repeat(200)}${"</array>".repeat(200)}</dict>`,
    "artifact.over-limit",
  );
  expect(() => readPropertyList(Buffer.from("bplist00"))).toThrowError(
    expect.objectContaining({ code: "artifact.unsupported" }),
  );
});
