/** An asar of two files in two folders. @module */

import { entryOf, pack } from "./asar.fixture.ts";

const [first, second] = [Buffer.from("hello\n"), Buffer.from("another harmless line\n".repeat(50))];

export const sample = (): Buffer =>
  pack(
    JSON.stringify({
      files: { "a.txt": entryOf(first, 0), folder: { files: { "b.txt": entryOf(second, first.length) } } },
    }),
    Buffer.concat([first, second]),
  );
