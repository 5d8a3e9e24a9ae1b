import { expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildAr } from "./ar.fixture.ts";
import { ar } from "./index.ts";
import { sample } from "./sample.fixture.ts";

it("reads short names, GNU's long ones and BSD's", async () => {
  const { members, findings, code } = await walkContainer(ar, sample());
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.slice(1).map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ["a.txt", SAMPLE_TEXT.toString()],
    ["a-name-that-is-too-long-for-the-field.txt", "odd"],
    ["b.txt", "content"],
  ]);
});

it("reads Windows libraries: two indexes, paths that end in a zero byte", async () => {
  const library = buildAr([
    { name: "/", bytes: "\0\0\0\0" },
    { name: "/", bytes: "\0\0\0\0\0\0\0\0" },
    { name: "//", bytes: "D:\\work\\release\\first.obj\0..\\second.obj\0" },
    { name: "/0", bytes: "one!" },
    { name: "/27", bytes: "two!" },
    { name: "/<ECSYMBOLS>/", bytes: "\0\0\0\0" },
  ]);
  const { members, findings, code } = await walkContainer(ar, library);
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual([
    "symbols",
    "symbols-2",
    "long-names",
    "first.obj",
    "second.obj",
    "symbols-3",
  ]);
});

it("leaves Debian packages to their own reader", () => {
  const recognises = (text: string) => {
    const head = Buffer.from(text);
    return ar.recognise({ head, tail: head, sizeBytes: head.length });
  };
  expect(recognises("!<arch>\na.txt/          ")).toBe(true);
  expect(recognises("!<thin>\n")).toBe(true);
  expect(recognises("!<arch>\ndebian-binary   ")).toBe(false);
  expect(recognises("!<arch>")).toBe(false);
});

it("takes a last member without the byte that would fill it", async () => {
  const bytes = buildAr([{ name: "a/", bytes: "odd" }]);
  const { members, findings, code } = await walkContainer(ar, bytes.subarray(0, -1));
  expect({ findings, code, count: members.length }).toEqual({ findings: [], code: "", count: 1 });
});
