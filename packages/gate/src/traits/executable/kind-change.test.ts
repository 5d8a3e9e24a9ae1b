import { expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { alarms } from "./compare.fixture.ts";
import { buildImage } from "./image.fixture.ts";
import { executable } from "./index.ts";

const member = (format: string, bytes: Buffer) => portraitOf([executable], { path: "member", format, bytes });
const program = (magic: "pe32" | "pe32+" = "pe32+") => member("pe", buildImage({ magic }));

it("holds data that became a program, and shows a script that did", async () => {
  const image = await member("png", Buffer.from("a picture"));
  expect(alarms(compareMembers(executable, image, await program()))).toEqual(["high became-program"]);
  const script = await member("shell", Buffer.from("#!/bin/sh"));
  expect(alarms(compareMembers(executable, script, await program()))).toEqual(["medium became-program"]);
});

it("mentions another processor, and is silent about new, gone and unreadable programs", async () => {
  expect(alarms(compareMembers(executable, await program("pe32"), await program()))).toEqual([
    "low other-processor",
  ]);
  expect(alarms(compareMembers(executable, undefined, await program()))).toEqual([]);
  expect(alarms(compareMembers(executable, await program(), undefined))).toEqual([]);
  const universal = await portraitOf([], { format: "mach-o", bytes: Buffer.from("several slices") });
  expect(alarms(compareMembers(executable, universal, await program()))).toEqual([]);
});
