/** `--save FILE`: what was fetched and judged, kept for whoever is to install it or take it on. Never what is refused. @module */

import { randomUUID } from "node:crypto";
import { copyFile, rename, rm } from "node:fs/promises";
import { type Verdict, WorldError } from "@sallyport/core";
import type { Input } from "./inputs.ts";

/**
 * @param target - overwritten when it is there
 * @returns for people: what became of it
 * @throws WorldError `world.io`; then the target is as it was
 */
export async function keepDownload({ path }: Input, verdict: Verdict, target: string): Promise<string> {
  if (verdict === "refuse") return `${target}: was not written, because what was fetched is refused`;
  const draft = `${target}.${randomUUID()}.new`;
  try {
    await copyFile(path, draft);
    await rename(draft, target);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const message = `${target}: cannot be written (${code}); the decision is in the log, but this file was not made`;
    throw new WorldError("world.io", message, { cause });
  } finally {
    await rm(draft, { force: true });
  }
  return `what was judged is kept as ${target}`;
}
