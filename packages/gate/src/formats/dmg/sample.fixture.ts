import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildDmg } from "./dmg.fixture.ts";
import { RUN } from "./partitions.ts";

/** Two partitions: packed, plain and empty sectors, and some that are free. */
export const sample = (): Buffer => {
  const text = Buffer.alloc(4096, SAMPLE_TEXT);
  return buildDmg({
    partitions: [
      {
        runs: [
          { content: text },
          { kind: RUN.raw, content: Buffer.alloc(512, "plain ") },
          { kind: RUN.zero, content: Buffer.alloc(2048) },
        ],
      },
      { name: " (Apple_Free : 1)", runs: [{ kind: RUN.ignored, content: Buffer.alloc(1024) }] },
    ],
  });
};
