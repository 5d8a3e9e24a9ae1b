/** The mark that a browser left with a file: a stream of its own, a file beside it, or an attribute. @module */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import type { Origin } from "@sallyport/gate";

const run = promisify(execFile);

const MAX_MARK_BYTES = 64 * 1024;
const ATTRIBUTE_MILLISECONDS = 2_000;
/** Of attr(5); not everywhere installed. */
const GETFATTR = "/usr/bin/getfattr";

/** @returns undefined where there is none, or none that can be read */
export async function markOfTheWeb(path: string): Promise<Origin | undefined> {
  const { originOf, readZoneIdentifier } = await import("@sallyport/gate");
  // On Windows a stream of the file; elsewhere what is left of one when it was copied.
  const zone = await readBeginning(`${path}:Zone.Identifier`);
  if (zone !== undefined) return readZoneIdentifier(zone.toString("utf8"));
  return process.platform === "linux"
    ? originOf([await attributeOf(path, "user.xdg.origin.url")])
    : undefined;
}

async function readBeginning(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path);
    const memory = Buffer.alloc(MAX_MARK_BYTES);
    const { bytesRead } = await file.read(memory, 0, MAX_MARK_BYTES, 0);
    return memory.subarray(0, bytesRead);
  } catch {
    return undefined;
  }
}

/** Node reads no attributes. Source: freedesktop.org, Guidelines for Extended Attributes. */
async function attributeOf(path: string, name: string): Promise<string | undefined> {
  // To find out by starting it costs as much as a process that runs.
  if (!existsSync(GETFATTR)) return undefined;
  try {
    const { stdout } = await run(GETFATTR, ["--only-values", "--absolute-names", "-n", name, "--", path], {
      timeout: ATTRIBUTE_MILLISECONDS,
      maxBuffer: MAX_MARK_BYTES,
      env: {},
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
