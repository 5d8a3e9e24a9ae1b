/** A RAR 5 archive of two files. @module */

import { writeRar5 } from "./rar.fixture.ts";

export const sample = (): Buffer =>
  writeRar5([
    { name: "a.txt", content: Buffer.from("hello\n") },
    { name: "folder/b.txt", content: Buffer.from("another harmless line\n".repeat(50)) },
  ]);
