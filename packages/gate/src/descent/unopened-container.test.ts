import { describe, expect, it } from "vitest";
import { HEAD_BYTES, TAIL_BYTES } from "../formats/format.ts";
import { findUnopened } from "./unopened-container.ts";

const find = (bytes: Buffer) =>
  findUnopened({
    head: bytes.subarray(0, HEAD_BYTES),
    tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
    sizeBytes: bytes.length,
  });

describe("containers that cannot be opened yet", () => {
  it.each([["installshield", Buffer.from("ISc(\0\0", "latin1")]])(
    "are known by their marks: %s",
    (id, bytes) => {
      expect(find(bytes)?.id).toBe(id);
    },
  );

  it("are not seen in plain data, short files, or marks in another place", () => {
    for (const text of ["", "k", "koly", "plain text", "see ISc(", "xar", "\xff".repeat(64)])
      expect(find(Buffer.from(text, "latin1"))).toBeUndefined();
  });
});
