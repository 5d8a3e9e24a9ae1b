import { expect, it } from "vitest";
import { flips, walkStream } from "../stream-walk.fixture.ts";
import { xz } from "./index.ts";
import { EMPTY, END, plain, stream, TEXT, VECTORS, whole } from "./xz.fixture.ts";

it("reports bytes after the data", async () => {
  for (const junk of ["junk", "\0", "\0\0\0\0junk", "\xfd7zXZ"]) {
    const { findings } = await walkStream(xz, Buffer.concat([whole, Buffer.from(junk, "latin1")]));
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  }
});

it("refuses a file cut short anywhere", async () => {
  for (let length = 0; length < whole.length; length += 1)
    expect((await walkStream(xz, whole.subarray(0, length))).code, `cut at ${length}`).toBe(
      "artifact.truncated",
    );
});

it("answers every flipped byte with a finding or one of our errors", async () => {
  for (const bytes of [whole, Buffer.from(VECTORS.sha256, "base64")])
    for (const flipped of flips(bytes, { count: 400, seed: 2009 })) {
      const { findings, code } = await walkStream(xz, flipped);
      expect(code !== "" || findings.length > 0).toBe(true);
    }
});

it("reads plain chunks and sees when sizes, index or order lie", async () => {
  const good = Buffer.concat([plain(1, "plain "), plain(2, "bytes"), END]);
  const read = await walkStream(xz, stream(good, 11));
  expect({ code: read.code, text: read.members[0]?.bytes.toString() }).toEqual({
    code: "",
    text: "plain bytes",
  });
  for (const [lzma2, sizeBytes] of [
    [good, 12],
    [Buffer.concat([plain(2, "plain bytes"), END]), 11],
    [Buffer.concat([plain(3, "plain bytes"), END]), 11],
    [Buffer.concat([plain(1, "x"), Buffer.from([0x80, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0]), END]), 2],
    [Buffer.from([0xe0, 0, 0, 0, 5, 225, 0, 0, 0, 0, 0, 0, 0]), 1],
    [Buffer.from([0xe0, 0, 9, 0, 5, 93, 0, 255, 255, 255, 255, 255, 0]), 10],
  ] as const)
    expect((await walkStream(xz, stream(lzma2, sizeBytes))).code).toBe("artifact.malformed");
});

it("refuses a dictionary larger than allowed before it is taken, and says how large", async () => {
  const lzma2 = Buffer.concat([plain(1, "x"), END]);
  const { code, message } = await walkStream(xz, stream(lzma2, 1, 40));
  expect(code).toBe("artifact.over-limit");
  expect(message).toMatch(/needs \d{10} bytes/);
  expect((await walkStream(xz, stream(lzma2, 1, 28), { maxHeldBytes: 1 << 26 })).code).toBe(
    "artifact.over-limit",
  );
  expect((await walkStream(xz, stream(lzma2, 1, 41))).code).toBe("artifact.malformed");
});

it("survives random LZMA data in bounded time", async () => {
  for (let seed = 1; seed < 200; seed += 1) {
    const packed = Buffer.from(
      Array.from({ length: 400 }, (_, at) => (Math.imul(at + 7, seed * 2654435761) >>> 13) & 0xff),
    );
    packed[0] = 0;
    const chunk = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 1, 0x8f, 93]), packed, END]);
    expect((await walkStream(xz, stream(chunk, 1 << 21))).code).toBe("artifact.malformed");
  }
});

it("stops a bomb at the budget", async () => {
  /** 4 MiB of zeros by `xz -6 --check=crc32` of XZ Utils 5.4.1. */
  const bomb = Buffer.from(
    "/Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj//8RAWxdAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvS5fqg8+S2ZCkBMO/xCT+HF4WfgLzf+VKEYPqfx83vuaMC5WwI+F84OBwGXEJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPnH2q38+1IrdM0eWyBC+d1TPfgpZAk7gMsqbN+1O/DEvEgn5lif/xABKwDsc1On/b6ufDEan7eNMW5wnqcjX+woy4XRlZiKfiqR8id19xnABphNmP3Yr9WQD8QlU/j1kTYxBaWw7m/BcE1HDNGREaqtYB26zrEnGFxZhulmUli+6XasWeTlWwUI+cfarfz7Uit0zR5bIEL53VM9+ClkCTuAyyps37U78MS9Ll+qDz5LZkKQEw7/EJP4cXhZ+AvN/5UoRg+p/Hze+5owLlbAj4Xzg4HAZcQlU/j1kTYxBaWw7m/BcE1HDNGREaqtYB26zrEnGFxZhulmUli+6XasWeTlWwUI+cfarfz7Uit0zR5bIEL53VM9+ClkCTuAyyps37U78MS9Ll+qDz5LZkKQEw7/EJP4cXhZ+AvN/5UoRg+p/Hze+5owLlbAj4Xzg4HAZcQlUQ8/soAB3AAFAEHqpi0AAGpARxEAAcAFgICAAsURvMM+MA2LAgAAAAABWVo=",
    "base64",
  );
  expect((await walkStream(xz, bomb)).members[0]?.bytes.equals(Buffer.alloc(4 << 20))).toBe(true);
  const { code, spentBytes } = await walkStream(xz, bomb, { limits: { bytes: 1 << 20 } });
  expect(code).toBe("artifact.over-limit");
  expect(spentBytes).toBeLessThan(4 << 20);
});

it("refuses a second stream that is cut short, and reports what stands between two", async () => {
  for (let length = 6; length < whole.length; length += 1)
    expect((await walkStream(xz, Buffer.concat([EMPTY, whole.subarray(0, length)]))).code).toBe(
      "artifact.truncated",
    );
  for (const between of [Buffer.alloc(3), Buffer.alloc(5), Buffer.from("hide")]) {
    const { members, findings } = await walkStream(xz, Buffer.concat([whole, between, whole]));
    expect(members[0]?.bytes.toString()).toBe(TEXT);
    expect(findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  }
});

it("unpacks one level only", async () => {
  const inner = Buffer.concat([Buffer.from([1, 0, whole.length - 1]), whole, END]);
  expect((await walkStream(xz, stream(inner, whole.length))).members[0]?.bytes.equals(whole)).toBe(true);
});
