import { Budget, MemorySource } from "@sallyport/core";
import { expect, it } from "vitest";
import { portraitOf } from "../trait.fixture.ts";
import type { Trait } from "../trait.ts";
import { SCRIPT_SIGNS } from "./find.ts";
import { scriptBehaviour } from "./index.ts";

const SIZE = 256 * 1024;
const ENDINGS = ["js", "py", "sh", "ps1", "bat", "vbs", "rb", "php"];

/** What patterns begin with, over and over: each place is a beginning, and none an end. */
const PIECES = [
  "curl ",
  "curl -x ",
  "exec(",
  "base64 -d ",
  "iex ",
  "powershell ",
  "dup2( .fileno()",
  ".github/workflows ",
  "sockets.tcpclient ",
  "rm -rf ",
  "detached:true ",
  "fetch(`https://",
  '"""',
  "<#",
  "'+'",
  '"',
  "\\",
  "A",
  "\n",
  " ",
];

it.each(PIECES.map((piece) => [piece]))("comes to an end with %j in every language", async (piece) => {
  for (const ending of ENDINGS) {
    const bytes = Buffer.alloc(SIZE, piece);
    const portrait = await portraitOf([scriptBehaviour as Trait], { path: `a.${ending}`, bytes });
    expect(JSON.stringify(portrait.value("script-behaviour") ?? {}).length).toBeLessThan(64 * 1024);
  }
});

it("keeps little of a script that does everything, many times", async () => {
  const all = SCRIPT_SIGNS.flatMap(({ looks }) => looks.flatMap(({ needles }) => needles)).join(" \n");
  const portrait = await portraitOf([scriptBehaviour as Trait], {
    path: "a.sh",
    bytes: Buffer.from(`${all}\n`.repeat(300)),
  });
  expect(JSON.stringify(portrait.value("script-behaviour")).length).toBeLessThan(64 * 1024);
});

it.each([[[]], [[0]], [[0xff, 0xfe]], [[0xff, 0xfe, 0x41]], [[0xef, 0xbb, 0xbf]], [[0xc3]], [[0x22, 0x80]]])(
  "reads %j without harm",
  async (bytes) => {
    await expect(
      portraitOf([scriptBehaviour as Trait], { path: "a.js", bytes: Buffer.from(bytes) }),
    ).resolves.toBeDefined();
  },
);

it("stops when the time is up", async () => {
  let now = 0;
  const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: 10 }, () => (now += 6));
  const context = { budget, format: "shell", path: "a.sh", maxHeldBytes: 1, rulePacks: [], report: () => {} };
  await expect(
    scriptBehaviour.observe?.(new MemorySource(Buffer.alloc(SIZE, "curl -x\n")), context),
  ).rejects.toMatchObject({ code: "artifact.over-limit" });
});
