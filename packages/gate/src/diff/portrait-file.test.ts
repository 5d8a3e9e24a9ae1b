import { ArtifactError } from "@sallyport/core";
import { afterEach, expect, it } from "vitest";
import { closeReleases, releaseOf, writeTo } from "./release.fixture.ts";

afterEach(closeReleases);

const member = (path: string) => ({
  path,
  sha256: "0".repeat(64),
  sizeBytes: 1,
  format: "data",
  signatures: [],
});

it("finds again what was written of each member, in the order they were met", () => {
  const release = releaseOf({
    a: { values: { word: "a".repeat(3_000_000) } },
    "b/ü": { values: { word: "ö" } },
  });
  expect(release.members.map(({ member: { path } }) => path)).toEqual(["", "a", "b/ü"]);
  expect(release.byPath("a")?.value("word")).toHaveLength(3_000_000);
  expect(release.byPath("b/ü")?.value("word")).toBe("ö");
  expect(release.byPath("b/ü")?.value("other")).toBeUndefined();
  expect(release.byPath("c")).toBeUndefined();
});

it("reads the same bytes' observations for every member that has them", () => {
  const writer = writeTo();
  for (const [index, path] of ["", "a", "b"].entries()) writer.member(index, member(path));
  writer.observations(1, JSON.stringify({ values: { word: "once" }, problems: {} }));
  writer.sameAs(2, 1);
  const release = writer.finish();
  expect(release.byPath("b")?.value("word")).toBe("once");
  expect(release.root.value("word")).toBeUndefined();
});

it("says that a release was not read to its end when it has no root", () => {
  const writer = writeTo();
  writer.member(1, member("a"));
  expect(() => writer.finish().root).toThrow(ArtifactError);
});

it("finds what was looked at only in the release before, by the bytes", () => {
  const sha256 = "1".repeat(64);
  const before = writeTo();
  before.member(0, member(""));
  before.member(1, { ...member("old/a"), sha256 });
  before.observations(1, JSON.stringify({ values: { word: "there" }, problems: {} }));
  const after = writeTo();
  after.member(0, member(""));
  after.member(1, { ...member("new/a"), sha256 });
  after.member(2, { ...member("new/b"), sha256, format: "pe" });
  const release = after.finish(before.finish());
  expect(release.byPath("new/a")?.value("word")).toBe("there");
  expect(release.byPath("new/b")?.value("word")).toBeUndefined();
});
