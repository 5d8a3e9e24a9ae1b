import { expect, it } from "vitest";
import { decisionAbout } from "../soak/decision.ts";
import { contentOf, decisionOf } from "./decision-content.ts";
import { PieceMemory } from "./piece-memory.ts";

it("keeps what was asked of the world once, and gives it back", () => {
  const asked = { retired: { claims: [{ product: "App" }] } };
  const first = contentOf({ ...decisionAbout("app"), asked });
  const second = contentOf({ ...decisionAbout("other"), asked });
  const shared = [...first.pieces.keys()].filter((digest) => second.pieces.has(digest));
  expect(shared.map((digest) => JSON.parse(first.pieces.get(digest) ?? ""))).toContainEqual(asked.retired);
  expect(decisionOf(first.digest, (digest) => first.pieces.get(digest))).toMatchObject({ asked });
});

it("does not take a decision whose question was changed or lost", () => {
  const { digest, pieces } = contentOf({ ...decisionAbout("app"), asked: { retired: { claims: [] } } });
  const question = [...pieces].find(([, json]) => json.includes("claims"))?.[0];
  for (const changed of [undefined, '{"claims":[1]}'])
    expect(decisionOf(digest, (name) => (name === question ? changed : pieces.get(name)))).toBeUndefined();
});

it("keeps a long part once that two checks ask about, and reads it once for many decisions", () => {
  const parts = Array.from({ length: 500 }, (_, at) => ({ name: `part ${at}` }));
  const asked = { retired: { parts, label: "app" }, vulnerable: { parts, release: "debian-12" } };
  const contents = ["app", "other"].map((name) => contentOf({ ...decisionAbout(name), asked }));
  const pieces = new Map(contents.flatMap(({ pieces: own }) => [...own]));
  const long = [...pieces].filter(([, json]) => json.includes("part 499"));
  expect(long).toHaveLength(1);
  const known = new PieceMemory();
  const read: string[] = [];
  const piece = (digest: string) => {
    read.push(digest);
    return pieces.get(digest);
  };
  for (const { digest } of contents) expect(decisionOf(digest, piece, known)).toMatchObject({ asked });
  expect(read.filter((digest) => digest === long[0]?.[0])).toHaveLength(1);
  pieces.delete(long[0]?.[0] ?? "");
  expect(decisionOf(contents[0]?.digest ?? "", (digest) => pieces.get(digest))).toBeUndefined();
});

it("forgets long pieces that were not met for a while", () => {
  const known = new PieceMemory();
  const characters = 1024 * 1024;
  for (let at = 0; at < 20; at += 1) {
    known.get("0");
    known.keep(String(at), [at], characters);
  }
  expect(["0", "1", "12", "19"].map((digest) => known.get(digest))).toEqual([
    [0],
    undefined,
    undefined,
    [19],
  ]);
});
