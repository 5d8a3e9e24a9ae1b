/** A reading process whose source was taken over, for the tests of its isolation: its file says what it does. @module */

import { readFileSync, writeSync } from "node:fs";
import { connect } from "node:net";
import type { Fact } from "../fact.ts";
import { FeedError } from "../feed-error.ts";
import type { IntelSource, ReadContext } from "../source.ts";
import { run } from "./work.ts";

const fact = (value: number): Fact => ({
  kind: "indicator",
  indicator: { kind: "domain", value: `host-${value}.invalid`, title: "Example", references: [] },
});

async function* act(text: string, context: ReadContext): AsyncGenerator<Fact> {
  const end = text.includes(":") ? text.indexOf(":") : text.length;
  const [what, argument] = [text.slice(0, end), text.slice(end + 1)];
  switch (what) {
    case "facts":
      for (let count = 0; count < Number(argument); count += 1) yield fact(count);
      return;
    case "memory": {
      yield fact(0);
      const held: Buffer[] = [];
      for (;;) held.push(Buffer.alloc(8 * 1024 * 1024, 1));
    }
    case "spin":
      for (;;) Math.sqrt(2);
    case "lie":
      writeSync(1, `${argument}\n`);
      return;
    case "fail":
      yield fact(0);
      throw FeedError.at("feed.json:7", "is not a date");
    case "skip":
      context.skip({ file: "feed", line: 3, because: "has no name" });
      yield fact(1);
      return;
    case "read":
      readFileSync(argument);
      return;
    case "connect":
      await new Promise((resolve, reject) =>
        connect(Number(argument), "127.0.0.1", () => resolve(0)).on("error", reject),
      );
      yield fact(2);
      return;
    default:
      throw new Error("a bug");
  }
}

export const hostile: IntelSource = {
  id: "hostile",
  title: "Hostile",
  answers: ["indicator"],
  document: "none",
  licence: "CC0-1.0",
  authority: "public",
  staleAfterDays: 1,
  onBadRow: "reject",
  asOf: async () => "2026-01-02T00:00:00.000Z",
  follow: async () => [{ name: "next", url: "https://feed.example/next", maxBytes: 10 }],
  async *read([file], context) {
    const bytes = (await file?.source.read(0, 1000)) ?? new Uint8Array();
    yield* act(new TextDecoder().decode(bytes), context);
  },
};

if (import.meta.main) await run([hostile]);
