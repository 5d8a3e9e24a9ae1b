#!/usr/bin/env node
/** The entry: nothing is loaded that the version does not need. @module */

if (process.argv[2] === "--version" && process.argv.length === 3) {
  const { version } = await import("./version.ts");
  process.stdout.write(`${version}\n`);
} else {
  const { run } = await import("./program.ts");
  const { processTerminal } = await import("./terminal.ts");
  process.exitCode = await run(process.argv.slice(2), processTerminal());
}
