import { describe, expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { dependencies } from "./index.ts";

const draw = (text: string | Buffer, path = "package.json") =>
  portraitOf([dependencies], { path, bytes: Buffer.from(text) });

const SAMPLES = [
  JSON.stringify({ name: "demo", dependencies: { a: "1" }, devDependencies: [], optionalDependencies: null }),
  "Metadata-Version: 2.1\nName: demo\nRequires-Dist: numpy (>=1)\n",
  "Package: demo\nDepends: a (>= 1),\n b | c\n",
  '[package]\nname = "demo"\n[target.\'cfg(unix)\'.dependencies.a]\nversion = "1"\n',
  "--- !ruby/object:Gem::Specification\nname: demo\ndependencies:\n- !ruby/object:Gem::Dependency\n  name: a\n",
  '<package><metadata><id>demo</id><dependencies><dependency id="a"/></dependencies></metadata></package>',
];

describe("descriptions that lie", () => {
  it.each(SAMPLES)("reads as much as there is of %j, cut anywhere", async (sample) => {
    for (let end = 0; end <= sample.length; end += 1)
      await expect(draw(sample.slice(0, end))).resolves.toBeDefined();
  });

  it.each(["{".repeat(500_000), `[package]\n${";".repeat(1_000_000)}`, `Package: ${"a".repeat(1_000_000)}`])(
    "is done with much of nothing",
    async (text) => {
      await expect(draw(text)).resolves.toBeDefined();
    },
  );

  it("shows a change behind the longest list that is kept", async () => {
    const many = (last: string) =>
      JSON.stringify({
        name: "demo",
        dependencies: Object.fromEntries([
          ...Array.from({ length: 3000 }, (_, at) => [`a${String(at).padStart(5, "0")}`, "1"]),
          ["zz", last],
        ]),
      });
    const found = compareMembers(dependencies, await draw(many("1")), await draw(many("2")));
    expect(found.map(({ rule }) => rule)).toEqual(["changed"]);
    expect(JSON.stringify((await draw(many("1"))).value("dependencies")).length).toBeLessThan(256 * 1024);
  });

  it("is done with thousands of names that are all alike", async () => {
    const many = (end: string) =>
      JSON.stringify({
        name: "demo",
        dependencies: Object.fromEntries(
          Array.from({ length: 2000 }, (_, at) => [
            `demo-${at.toString(2).padStart(11, "a").replaceAll("0", "b").replaceAll("1", "c")}${end}`,
            "1",
          ]),
        ),
      });
    expect(compareMembers(dependencies, await draw(many("x")), await draw(many("y"))).length).toBeGreaterThan(
      0,
    );
  });

  it("takes no property of objects for a dependency", async () => {
    const text = '{"name":"demo","dependencies":{"__proto__":"1","constructor":"2"}}';
    expect((await draw(text)).value("dependencies")).toMatchObject({
      dependencies: [{ name: "__proto__" }, { name: "constructor" }],
    });
  });
});
