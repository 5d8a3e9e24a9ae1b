import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";

it("waits for a reader that is behind, also where the pipe does not", async () => {
  const module = new URL("./write-all.ts", import.meta.url).href;
  // Asking for the stream is what makes the pipe non-blocking.
  const program = `process.stdout; const { writeAll } = await import(${JSON.stringify(module)});
    writeAll(1, Buffer.alloc(3_000_000, "x")); process.exit(0);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.pause();
  await setTimeout(300);
  expect((await buffer(child.stdout)).length).toBe(3_000_000);
});
