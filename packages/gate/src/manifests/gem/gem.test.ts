import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { type Files, takeApart, writeTar, writeTgz } from "../package.fixture.ts";

const SPECIFICATION = `--- !ruby/object:Gem::Specification
name: demo
version: !ruby/object:Gem::Version
  version: 1.2.3
platform: x86_64-linux
authors:
- Example Authors
- Others
description: "a: b"
`;

const digest = (name: string, bytes: Uint8Array): string => createHash(name).update(bytes).digest("hex");

async function parts(): Promise<Record<"metadata.gz" | "data.tar.gz", Buffer>> {
  return {
    "metadata.gz": gzipSync(SPECIFICATION),
    "data.tar.gz": await writeTgz({ "lib/demo.rb": "puts 1" }),
  };
}

const sums = (files: Readonly<Record<string, Buffer>>, names = ["sha256", "sha512"]): Buffer =>
  gzipSync(
    `---\n${names
      .map(
        (name) =>
          `${name.toUpperCase()}:\n${Object.entries(files)
            .map(([file, bytes]) => `  ${file}: ${digest(name, bytes)}\n`)
            .join("")}`,
      )
      .join("")}`,
  );

describe("Ruby gems", () => {
  it("say who they are, and have the checksums they state", async () => {
    const files = await parts();
    const { root, problems } = await takeApart(
      await writeTar({ ...files, "checksums.yaml.gz": sums(files) }),
    );
    expect(root).toMatchObject({
      format: "gem",
      identity: {
        product: "demo",
        version: "1.2.3",
        company: "Example Authors",
        architecture: "x86_64-linux",
      },
    });
    expect(problems).toEqual([]);
  });

  it.each<[string, object]>([
    [
      "name: 'it''s'\nversion: !ruby/object:Gem::Version\n  version: '1.0'\nauthors:\n- \"A \\u00e9\"\n",
      { product: "it's", version: "1.0", company: "A é" },
    ],
    [
      "name: demo\nversion: !ruby/object:Gem::Version\n  prerelease: \n  version: 2.0 # two\nauthors: []\nplatform: ruby\n",
      { product: "demo", version: "2.0" },
    ],
    [
      "--- !ruby/object:Gem::Specification\r\nname: demo\r\nversion: 3\r\nauthor: A\r\n",
      { product: "demo", version: "3" },
    ],
  ])("read %j", async (text, identity) => {
    const { root } = await takeApart(await writeTar({ ...(await parts()), "metadata.gz": gzipSync(text) }));
    expect(root.identity).toEqual(identity);
  });

  it("may have no checksums, as old ones", async () => {
    const { root, problems } = await takeApart(await writeTar(await parts()));
    expect(root.format).toBe("gem");
    expect(problems).toEqual([]);
  });

  it("fail when either file was replaced, by either digest", async () => {
    const files = await parts();
    const other = await writeTgz({ "lib/demo.rb": "puts 2" });
    for (const name of ["sha256", "sha512"]) {
      const checksums = sums(files, [name]);
      const { problems } = await takeApart(
        await writeTar({ ...files, "data.tar.gz": other, "checksums.yaml.gz": checksums }),
      );
      expect(problems).toEqual([expect.stringMatching(/^structure fail data.tar.gz: does not have the SHA/)]);
    }
  });

  it.each<[string, (files: Readonly<Record<string, Buffer>>) => Uint8Array]>([
    ["only weak checksums", (files) => sums(files, ["sha1"])],
    ["checksums that are no gzip", () => Buffer.from("noise")],
    ["checksums that are no list", () => gzipSync("- a\n- b\n")],
    ["checksums that unpack without end", () => gzipSync(Buffer.alloc(16 * 1024 * 1024, "a"))],
  ])("are unknown with %s", async (_, checksums) => {
    const files = await parts();
    const { problems } = await takeApart(await writeTar({ ...files, "checksums.yaml.gz": checksums(files) }));
    expect(problems).toEqual([expect.stringMatching(/^structure unknown : its checksums/)]);
  });

  it.each<[string, string]>([
    ["aliases", `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nname: *a\nversion: 1\n`],
    ["noise", "\0\0\0"],
    ["deep nesting", `${"[".repeat(50_000)}`],
    ["a list", "- name: demo\n"],
    ["a name twice", "name: demo\nname: other\nversion: 1\n"],
    ["tags for text", "name: !ruby/object:X demo\nversion: !x\n  - 1\n"],
  ])("say nothing of themselves with a specification of %s", async (_, text) => {
    const files: Files = { ...(await parts()), "metadata.gz": gzipSync(text) };
    const { root } = await takeApart(await writeTar(files));
    expect(root.identity).toBeUndefined();
  });

  it.skipIf(!hasApt())(`reads what RubyGems builds${hasApt() ? "" : ` (${NO_APT})`}`, async () => {
    const home = await debianPackage("ruby3.1", ["libruby3.1", "ruby-rubygems", "libyaml-0-2", "libgmp10"]);
    const folder = await mkdtemp(join(tmpdir(), "sallyport-gem-"));
    try {
      await mkdir(join(folder, "lib"));
      await writeFile(join(folder, "lib/demo.rb"), "puts 1\n");
      await writeFile(
        join(folder, "demo.gemspec"),
        'Gem::Specification.new { |s| s.name = "demo"; s.version = "1.2.3"; s.summary = "s"; s.authors = ["Example"]; s.files = ["lib/demo.rb"] }\n',
      );
      await build(home, folder);
      const { root, members, problems } = await takeApart(await readFile(join(folder, "demo-1.2.3.gem")));
      expect(root).toMatchObject({
        format: "gem",
        identity: { product: "demo", version: "1.2.3", company: "Example" },
      });
      expect(members.map(({ path }) => path)).toContain("data.tar.gz/content/lib/demo.rb");
      expect(problems).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** RubyGems, run from its unpacked packages. */
async function build(home: string, folder: string): Promise<void> {
  const machine = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const ruby = join(home, "usr/lib/ruby");
  const libraries = [
    join(ruby, "vendor_ruby"),
    join(ruby, "3.1.0"),
    join(home, `usr/lib/${machine}/ruby/3.1.0`),
    join(ruby, "vendor_ruby/3.1.0"),
  ];
  const env = {
    ...process.env,
    RUBYLIB: libraries.join(":"),
    LD_LIBRARY_PATH: join(home, `usr/lib/${machine}`),
    HOME: folder,
  };
  const gem = join(home, "usr/bin/gem3.1");
  await promisify(execFile)(join(home, "usr/bin/ruby3.1"), [gem, "build", "demo.gemspec"], {
    cwd: folder,
    env,
  });
}
