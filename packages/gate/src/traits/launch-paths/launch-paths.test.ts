import { describe, expect, it } from "vitest";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference } from "../trait.ts";
import { launchPaths } from "./index.ts";
import { PLACES } from "./places.ts";

const strings = (...texts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat(["MZ", ...texts].flatMap((text) => [Buffer.from(text), Buffer.alloc(2)]));
const wide = (text: string): Buffer => Buffer.from(text, "utf16le");
const xored = (bytes: Buffer, key: number): Buffer => Buffer.from(bytes.map((byte) => byte ^ key));

async function compared(
  before: string | Buffer,
  after: string | Buffer,
  { path = "bin/codec.dll", format = "pe" } = {},
): Promise<Difference[]> {
  const draw = (bytes: string | Buffer) =>
    portraitOf([launchPaths], { path, format, bytes: Buffer.from(bytes) });
  return compareMembers(launchPaths, await draw(before), await draw(after));
}
const script = { path: "lib/telemetry.js", format: "data" };
const briefly = (differences: readonly Difference[]): string[] =>
  differences.map(({ rule, risk }) => `${risk} ${rule}`);

const RUN = "Software\\Microsoft\\Windows\\CurrentVersion\\Run";
const plist = 'const file = join(home, "Library/LaunchAgents/a.plist"); fs.writeFileSync(file, xml);';

describe("a place gained by a program", () => {
  it("holds when it can register itself there", async () => {
    for (const text of [Buffer.from(RUN), wide(RUN), wide(RUN.toLowerCase())])
      expect(briefly(await compared(strings(), strings(text, "RegSetValueExW")))).toEqual([
        "high registers-itself",
      ]);
    expect(briefly(await compared(strings("RegSetValueExW"), strings(RUN, "RegSetValueExW")))).toEqual([
      "high registers-itself",
    ]);
  });

  it("is shown when it only speaks of it", async () => {
    expect(briefly(await compared(strings(), strings(RUN)))).toEqual(["medium speaks-of-place"]);
    expect(briefly(await compared(strings(), strings("/etc/init.d/")))).toEqual(["low speaks-of-place"]);
  });

  it("stays low when it knew a place of that system before", async () => {
    const before = strings(RUN, "RegSetValueExW");
    const after = strings(RUN, wide("CurrentVersion\\Winlogon"), "RegSetValueExW");
    expect(briefly(await compared(before, after))).toEqual(["low registers-itself"]);
    expect(await compared(before, strings("more", RUN, "RegSetValueExW"))).toEqual([]);
  });

  it.each(["Software\\CurrentVersion\\RunTimeSettings", "System\\CurrentVersion\\Running"])(
    "does not take %s for the Run key",
    async (text) => {
      expect(await compared(strings(), strings(text))).toEqual([]);
    },
  );
});

describe("a hidden place", () => {
  it.each<[string, Buffer]>([
    ["under an XOR key", xored(Buffer.from(RUN), 0x41)],
    ["under an XOR key in UTF-16", xored(wide(RUN), 0x99)],
    ["in base64", Buffer.from(Buffer.from(`reg ${RUN}`).toString("base64"))],
    ["in base64 of UTF-16", Buffer.from(wide(`x${RUN}`).toString("base64"))],
  ])("holds %s", async (_how, bytes) => {
    expect(briefly(await compared(strings(), strings(bytes)))).toEqual(["high hidden-place"]);
  });
});

describe("a place gained by a script", () => {
  it("holds when a file is written there", async () => {
    expect(briefly(await compared("var a;", plist, script))).toEqual(["high registers-itself"]);
    const cron = "exec(\"(crontab -l; echo '@reboot /tmp/x') | crontab -\");";
    expect(briefly(await compared("var a;", cron, script))).toContain("high registers-itself");
    const task = 'exec("schtasks /create /tn Updater /tr a.exe");';
    expect(briefly(await compared("var a;", task, script))).toEqual(["high registers-itself"]);
    const key = 'exec("reg add HKCU\\\\Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run /v a");';
    expect(briefly(await compared("var a;", key, script))).toEqual(["high registers-itself"]);
  });

  it("does not hold for completions in a shell's profile, nor for words in comments and documents", async () => {
    const completion = 'fs.appendFileSync(join(home, ".bashrc"), "source completion.sh");';
    expect(briefly(await compared("var a;", completion, script))).toEqual(["medium speaks-of-place"]);
    expect(briefly(await compared("var a;", `// ${plist}`, script))).toEqual(["info read-about"]);
    expect(
      briefly(await compared("# Use", `# Use\n${plist}`, { path: "README.md", format: "data" })),
    ).toEqual(["info read-about"]);
  });
});

describe("files that are installed into a place", () => {
  const names = async (paths: readonly string[]) =>
    Promise.all(["", ...paths].map((path) => portraitOf([launchPaths], { path, bytes: Buffer.from(path) })));
  const installed = async (before: readonly string[], added: string): Promise<string[]> => {
    const pairs = (await names(before)).map((portrait) => ({
      before: portrait,
      after: portrait,
      how: "path" as const,
    }));
    const [, after] = await names([added]);
    const context = contextOf([...pairs, { before: undefined, after, how: "added" }]);
    return briefly([...(launchPaths.compareReleases?.(context) ?? [])]);
  };

  it("tells them, less when the package had one there", async () => {
    expect(await installed(["usr/bin/a"], "Library/LaunchAgents/com.example.plist")).toEqual([
      "high installed-into-place",
    ]);
    expect(await installed(["usr/bin/a"], "data.tar/etc/cron.d/a")).toEqual(["medium installed-into-place"]);
    expect(await installed(["etc/cron.d/a"], "etc/cron.d/b")).toEqual(["info installed-into-place"]);
    expect(await installed(["usr/bin/a"], "usr/lib/systemd/system/a.service")).toEqual([
      "low installed-into-place",
    ]);
    expect(await installed(["usr/bin/a"], "usr/share/doc/cron.d.txt")).toEqual([]);
  });
});

it("names each place once, with a technique", () => {
  expect(new Set(PLACES.map(({ id }) => id)).size).toBe(PLACES.length);
  expect(
    PLACES.every(
      ({ technique, texts }) =>
        /^T\d{4}(?:\.\d{3})?$/.test(technique) && texts.every((text) => text.length >= 6),
    ),
  ).toBe(true);
});
