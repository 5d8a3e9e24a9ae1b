import { ArtifactError, Budget } from "@sallyport/core";
import { afterEach, expect, it } from "vitest";
import type { Difference, Trait } from "../traits/trait.ts";
import { compareReleases } from "./compare.ts";
import { closeReleases, type MemberRequest, releaseOf, writeTo } from "./release.fixture.ts";

afterEach(closeReleases);

const about: Pick<Trait, "title" | "question" | "document"> = { title: "t", question: "q", document: "d" };

/** Says `high` when the observed word changed, and fails on the word `odd`. */
const word: Trait<string> = {
  ...about,
  id: "word",
  observe: async () => "",
  *compare({ before, after }): Generator<Difference> {
    const [old, fresh] = [before?.value("word"), after?.value("word")];
    if (fresh === "odd") throw new ArtifactError("artifact.malformed", "word: it is odd");
    if (old !== fresh) yield { rule: "word-changed", risk: "high", because: `is ${String(fresh)} now` };
  },
};
const whole: Trait = {
  ...about,
  id: "whole",
  *compareReleases({ after }) {
    yield { rule: "counted", risk: "info", because: `has ${after.members.length}`, path: "" };
  },
};

const compare = (
  before: Record<string, MemberRequest>,
  after: Record<string, MemberRequest>,
  traits: readonly Trait[] = [word, whole],
) => compareReleases({ before: releaseOf(before), after: releaseOf(after) }, traits, new Budget());

const saying = (said: string, content = said): MemberRequest => ({ content, values: { word: said } });

it("asks about what changed, came or went, and not about what stayed", () => {
  const { differences, counts } = compare(
    { same: saying("x"), changed: saying("a"), gone: saying("g") },
    { same: saying("x"), changed: saying("b"), come: saying("c") },
  );
  expect(differences.map(({ path, because }) => `${path}: ${because}`)).toEqual([
    "changed: is b now",
    "come: is c now",
    "gone: is undefined now",
    ": has 4",
  ]);
  expect(counts).toEqual({ members: 4, unchanged: 1, changed: 2, added: 1, removed: 1 });
});

it("asks about the same bytes when their rights or their name changed", () => {
  const asked: string[] = [];
  const asking: Trait = {
    ...about,
    id: "asking",
    compare({ after }) {
      asked.push(after?.member.path ?? "");
      return [];
    },
  };
  compare(
    {
      tool: { content: "t", attributes: { unixMode: 0o755 } },
      able: { content: "a", attributes: { unixMode: 0o755 } },
      "v1.0/x": { content: "x" },
    },
    {
      tool: { content: "t", attributes: { unixMode: 0o4755 } },
      able: { content: "a", attributes: { unixMode: 0o755, capabilities: "0100000200200000" } },
      "v1.1/x": { content: "x" },
    },
    [asking],
  );
  expect(asked).toEqual(["", "tool", "able", "v1.1/x"]);
});

it("says equal things of several files once, the gravest first", () => {
  const grave: Trait = {
    ...about,
    id: "grave",
    *compare({ after }) {
      if (after?.member.path === "b") yield { rule: "grave", risk: "critical", because: "is grave" };
      yield { rule: "light", risk: "low", because: "is light" };
    },
  };
  const { differences } = compare({ a: saying("1"), b: saying("2") }, { a: saying("3"), b: saying("4") }, [
    grave,
  ]);
  expect(differences).toMatchObject([
    { rule: "grave", path: "b", memberCount: 1 },
    { rule: "light", path: "", memberCount: 3, paths: ["", "a", "b"] },
  ]);
});

it("does not pass over what could not be looked at, in either release", () => {
  const blind = (because: string): MemberRequest => ({ content: because, problems: { word: because } });
  const { notCompared, differences } = compare(
    { fresh: saying("a"), old: blind("too deep"), both: blind("cut short"), gone: blind("odd") },
    { fresh: blind("too large"), old: saying("b"), both: { ...blind("cut short"), content: "other" } },
  );
  expect(notCompared).toEqual([
    { path: "fresh", because: "too large" },
    { path: "old", because: "too deep" },
    { path: "both", because: "cut short" },
  ]);
  expect(differences.map(({ trait }) => trait)).toEqual(["whole"]);
});

it("does not pass over what a trait cannot compare", () => {
  const { notCompared } = compare({ a: saying("a") }, { a: saying("odd") });
  expect(notCompared).toEqual([{ path: "a", because: "word: it is odd" }]);
});

it("compares nothing when nobody looked at anything", () => {
  const writer = writeTo();
  writer.member(0, { path: "", sha256: "0".repeat(64), sizeBytes: 1, format: "data", signatures: [] });
  const blank = writer.finish();
  const releases = { before: blank, after: blank };
  expect(() => compareReleases(releases, [word], new Budget())).toThrow("nobody looked");
});

it("stops when the time is up", () => {
  let now = 0;
  const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: 10 }, () => now++);
  const members = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`m${index}`, saying("x")]));
  const releases = { before: releaseOf(members), after: releaseOf(members) };
  expect(() => compareReleases(releases, [word], budget)).toThrow(ArtifactError);
});

it("tells whether both claim to be one product", () => {
  const named = (product: string, path: string): Record<string, MemberRequest> => ({
    [path]: saying(product),
    "": { identity: { product } },
  });
  expect(compare(named("Example 1.2", "a"), named("Example 1.3", "b")).sameProduct).toBe(true);
  expect(compare(named("Example", "a"), named("Other", "b")).sameProduct).toBe(false);
  expect(compare(named("Example", "a"), named("Renamed", "a")).sameProduct).toBe(true);
  expect(compare({}, {}).sameProduct).toBeUndefined();
  const single = (format: string) => ({ "": { format } });
  expect(compare(single("data"), single("javascript")).sameProduct).toBeUndefined();
  expect(compare(single("data"), single("pe")).sameProduct).toBe(false);
  expect(compare(single("data"), { ...single("msi"), inside: saying("a") }).sameProduct).toBe(false);
});
