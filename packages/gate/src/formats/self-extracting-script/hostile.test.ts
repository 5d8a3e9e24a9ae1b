import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { writeZip } from "../../replica/index.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { SCRIPT, sample } from "./sample.fixture.ts";

const paths = async (bytes: Buffer) => [...(await walk(bytes)).members.keys()].sort();

describe("scripts with data behind them", () => {
  it("are two members, and what follows is opened", async () => {
    const { members, bad } = await walk(sample());
    expect(bad).toEqual([]);
    expect(members.get("")?.format).toBe("self-extracting-script");
    expect([...members.keys()].sort()).toEqual(["", "payload", "payload/content", "script"]);
    expect(members.get("script")?.sizeBytes).toBe(SCRIPT.length);
  });

  it("are not opened when nobody knows what follows", async () => {
    const { bad } = await walk(Buffer.concat([SCRIPT, Buffer.from("\0\x01\x02 secret")]));
    expect(bad).toEqual([expect.stringMatching(/^opened unknown payload: /)]);
  });

  it("do not hide data behind more text than is looked at first", async () => {
    const long = Buffer.concat([SCRIPT, Buffer.alloc(240_000, "# a comment\n"), gzipSync(SAMPLE_TEXT)]);
    expect(await paths(long)).toEqual(["", "payload", "payload/content", "script"]);
    const padded = Buffer.concat([SCRIPT, gzipSync(SAMPLE_TEXT), Buffer.alloc(100_000, "# a comment\n")]);
    const { bad } = await walk(padded);
    expect(bad).toContainEqual(expect.stringMatching(/^structure fail payload: .*after its compressed data/));
  });

  it("are unknown when their first line never ends", async () => {
    const { bad } = await walk(Buffer.from("#!/bin/sh \0 all in one line"));
    expect(bad).toEqual([expect.stringMatching(/^opened unknown : .*cannot be told/)]);
  });

  it("leave a zip behind a script to its own reader, and scripts without data alone", async () => {
    const zip = Buffer.concat([
      Buffer.from("#!/usr/bin/env python3\n"),
      writeZip([{ name: "a.py", bytes: SCRIPT }]),
    ]);
    expect((await walk(zip)).members.get("")?.format).toBe("zip");
    for (const text of ["#!/bin/sh\necho \x1b[1mbold\x1b[0m\n", "#!/bin/sh\necho \u00fcber\n"])
      expect((await walk(Buffer.from(text))).members.get("")?.format).not.toBe("self-extracting-script");
  });

  it("end in errors or findings wherever they are cut", async () => {
    const whole = sample();
    for (let length = 1; length < whole.length; length += 1)
      expect((await walk(whole.subarray(0, length))).members.get("")).toBeDefined();
  });
});
