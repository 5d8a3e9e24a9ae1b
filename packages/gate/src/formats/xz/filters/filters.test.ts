import { expect, it } from "vitest";
import { flips, walkStream } from "../../stream-walk.fixture.ts";
import { xz } from "../index.ts";
import { END, plain, stream } from "../xz.fixture.ts";
import { ARCHITECTURES, codeOf } from "./code.fixture.ts";
import { applyFilter } from "./filter.ts";
import { startFilter } from "./index.ts";

const NUMBERS = new Map(ARCHITECTURES.map((name, at) => [name, at + 4]));
const lzma2 = Buffer.concat([plain(1, "plain "), plain(2, "bytes"), END]);
const NO_PROPERTIES = [0x04, 0];
const offset = (id: number, ...bytes: number[]) => [id, bytes.length, ...bytes];

async function filtered(pieces: readonly Buffer[], id: number): Promise<Buffer> {
  const filter = startFilter({ id, properties: Buffer.alloc(id === 3 ? 1 : 0) });
  async function* copies() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  return Buffer.concat(await Array.fromAsync(applyFilter(copies(), filter)));
}

it.each([...NUMBERS, ["delta", 3] as const])(
  "turns %s back alike in pieces of any size",
  async (name, id) => {
    const code = codeOf(name === "delta" ? "x86" : name, 6000);
    const whole = await filtered([code], id);
    expect(whole).toHaveLength(code.length);
    expect(whole.equals(code)).toBe(false);
    for (const pieceBytes of [1, 3, 17, 1000]) {
      const pieces = Array.from({ length: Math.ceil(code.length / pieceBytes) }, (_, at) =>
        code.subarray(at * pieceBytes, (at + 1) * pieceBytes),
      );
      expect((await filtered(pieces, id)).equals(whole), `pieces of ${pieceBytes}`).toBe(true);
    }
  },
);

it("undoes as many filters as a block may have, the last one first", async () => {
  const filters = [NO_PROPERTIES, offset(3, 0), offset(7, 4, 0, 0, 0)];
  const { members, findings, code } = await walkStream(xz, stream(lzma2, 11, 8, filters));
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  let sum = 0;
  const expected = Buffer.from("plain bytes").map((byte) => {
    sum = (sum + byte) & 0xff;
    return sum;
  });
  expect(members[0]?.bytes).toEqual(Buffer.from(expected));
});

const BAD: [string, readonly (readonly number[])[], string][] = [
  ["an address that is not aligned", [offset(7, 2, 0, 0, 0)], "artifact.malformed"],
  ["an address that is not aligned to bundles", [offset(6, 8, 0, 0, 0)], "artifact.malformed"],
  ["properties of a wrong size", [offset(4, 0, 0)], "artifact.malformed"],
  ["a delta without its distance", [[3, 0]], "artifact.malformed"],
  ["properties beyond the header", [[3, 100, 0]], "artifact.malformed"],
  ["LZMA2 in front of LZMA2", [offset(0x21, 8)], "artifact.unsupported"],
  ["a filter nobody has defined", [offset(12)], "artifact.unsupported"],
  [
    "more filters than a block may have",
    [
      [4, 0],
      [4, 0],
      [4, 0],
      [4, 0],
    ],
    "artifact.unsupported",
  ],
];
it.each(BAD)("refuses %s", async (_, filters, expected) => {
  expect((await walkStream(xz, stream(lzma2, 11, 8, filters))).code).toBe(expected);
});

it("answers every flipped byte of a filtered block with a finding or one of our errors, or does not fail", async () => {
  const code = codeOf("x86", 500).toString("latin1");
  const packed = Buffer.concat([Buffer.from([1, 1, 0xff]), Buffer.from(code.slice(0, 512), "latin1"), END]);
  const whole = stream(packed, 512, 8, [offset(4), offset(3, 3)]);
  for (const flipped of flips(whole, { count: 300, seed: 5 })) {
    const { code: answer } = await walkStream(xz, flipped);
    expect(answer).toMatch(/^(?:artifact\..*)?$/);
  }
});

it("turns any bytes of x86 in bounded steps", async () => {
  for (let seed = 1; seed < 50; seed += 1) {
    const bytes = Buffer.from(
      Array.from(
        { length: 2000 },
        (_, at) => [0xe8, 0, 0xff, 0xe9][(Math.imul(at + 3, seed * 2654435761) >>> 11) & 3] ?? 0,
      ),
    );
    expect(await filtered([bytes], 4)).toHaveLength(bytes.length);
  }
});
