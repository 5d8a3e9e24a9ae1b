/** Results that are asked for as files: whole or not at all. @module */

import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { WorldError } from "@sallyport/core";

/** @throws WorldError `world.io`; then the file is as it was before */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(draft, "wx", 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new WorldError(
      "world.io",
      `${path}: cannot be written (${reason}); check the folder and the space left`,
    );
  }
}
