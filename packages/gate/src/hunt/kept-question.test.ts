import { hash } from "node:crypto";
import type { JsonObject } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { ArtifactMember } from "../artifact.ts";
import { contextWith, rootWith } from "../checks/check.fixture.ts";
import { indicator } from "../checks/indicator/index.ts";
import { retired } from "../checks/retired/index.ts";
import { vulnerable } from "../checks/vulnerable/index.ts";
import { keepQuestion, MAX_KEPT_CHARACTERS, readQuestion } from "./kept-question.ts";

const member = (at: number): ArtifactMember => ({
  path: `data.tar.xz/content/usr/share/example/part-${at % 97}/module-${at}/index.js`,
  sha256: hash("sha256", `member ${at}`),
  sizeBytes: 1,
  format: "data",
  signatures: [],
});

const throughText = (question: JsonObject | undefined): JsonObject => JSON.parse(JSON.stringify(question));

describe("a question that is kept", () => {
  it("comes back as it was, packed where it is long", () => {
    const question = {
      sha256: "ab",
      none: [],
      written: "x".repeat(9000),
      parts: Array.from({ length: 3000 }, (_, at) => ({ name: `part ${at}`, packed: "no" })),
    };
    const kept = throughText(keepQuestion(question));
    expect(JSON.stringify(kept).length).toBeLessThan(40_000);
    expect(kept).toMatchObject({ sha256: "ab", none: [], parts: { packed: expect.any(String) } });
    expect(readQuestion(kept)).toEqual(question);
    expect(readQuestion(question)).toEqual(question);
  });

  it("has room for what is asked of fifty thousand members", () => {
    const members = Array.from({ length: 50_000 }, (_, at) => member(at));
    const { recall } = indicator;
    if (typeof recall !== "object") throw new Error("no recall");
    const asked = recall.ask({ artifact: { ...rootWith({}), members }, context: contextWith({}) });
    const kept = keepQuestion(asked);
    expect(JSON.stringify(kept).length).toBeLessThan(MAX_KEPT_CHARACTERS / 1.5);
    expect(readQuestion(throughText(kept))).toEqual(asked);
  });

  it("is the same text in both checks that ask about the same parts", () => {
    const components = Array.from({ length: 200 }, (_, at) => ({
      product: `part-${at}`,
      version: "1.2-3+deb12u2",
      identifiers: [{ kind: "purl" as const, value: `pkg:deb/debian/part-${at}@1.2-3+deb12u2` }],
      type: "library" as const,
      foundBy: "test",
      confidence: "declared" as const,
    }));
    const artifact = { ...rootWith({}), members: [{ ...member(0), components }] };
    const [one, other] = [retired, vulnerable].map(({ recall }) => {
      if (typeof recall !== "object") throw new Error("no recall");
      return keepQuestion(recall.ask({ artifact, context: contextWith({}) }));
    });
    expect(one?.parts).toHaveProperty("packed");
    expect(one?.parts).toEqual(other?.parts);
  });

  it("is not kept when it is too long for that", () => {
    const noise = Array.from({ length: 200_000 }, (_, at) => hash("sha256", String(at)));
    expect(keepQuestion({ noise })).toBeUndefined();
  });

  it.each([{ parts: { packed: "!!" } }, { parts: { packed: "AAAA" } }, { parts: { packed: "" } }])(
    "is not taken for asked when it cannot be unpacked: %j",
    (kept) => {
      expect(readQuestion(kept)).toBeUndefined();
    },
  );
});
