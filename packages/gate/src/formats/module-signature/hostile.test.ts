import { expect, it } from "vitest";
import { HEAD_BYTES, TAIL_BYTES } from "../format.ts";
import { moduleSignature } from "./index.ts";
import { sample } from "./sample.fixture.ts";

const isOne = (bytes: Buffer): boolean =>
  moduleSignature.recognise({
    head: bytes.subarray(0, HEAD_BYTES),
    tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
    sizeBytes: bytes.length,
  });
const changed = (at: number, byte: number): Buffer => {
  const bytes = sample();
  bytes[at < 0 ? bytes.length + at : at] = byte;
  return bytes;
};

it("explains every byte, or none", () => {
  expect(isOne(sample())).toBe(true);
  for (const bytes of [
    Buffer.concat([Buffer.from("x"), sample()]),
    Buffer.concat([sample(), Buffer.from("x")]),
    sample().subarray(1),
    changed(3, 1),
    changed(-28 - 1, 0),
    changed(-28 - 12, 1),
    changed(-28 - 10, 1),
    changed(-28 - 7, 1),
    sample().subarray(-28),
    Buffer.alloc(0),
  ])
    expect(isOne(bytes)).toBe(false);
});
