/** A parser process that was taken over, for the tests of its isolation: the artifact's text says what it does. @module */

import { readFileSync, writeFileSync, writeSync } from "node:fs";
import { connect } from "node:net";
import { ArtifactError } from "@sallyport/core";
import type { Format, Member } from "../formats/format.ts";
import { run } from "./work.ts";

const OUTPUT = 1;

const say = (line: string): void => {
  writeSync(OUTPUT, `${line}\n`);
};

const tell = (name: string, because: string): void => {
  const facts = { code: "test", limit: "" };
  say(
    JSON.stringify({
      type: "evidence",
      evidence: { source: "gate/checks/opened", outcome: "unknown", path: name, because, facts },
    }),
  );
};

function attempt(name: string, work: () => void): void {
  try {
    work();
    tell(name, "done");
  } catch (error) {
    tell(name, error instanceof Error && "code" in error ? String(error.code) : "failed");
  }
}

const acts: Readonly<Record<string, (argument: string) => void | Promise<void>>> = {
  memory: () => {
    const held: Buffer[] = [];
    for (;;) held.push(Buffer.alloc(8 * 1024 * 1024, 1));
  },
  heap: () => {
    const held: string[][] = [];
    for (;;) held.push(Array.from({ length: 100_000 }, (_, at) => `text ${at} ${held.length}`));
  },
  spin: () => {
    for (;;);
  },
  crash: () => process.abort(),
  leave: () => process.exit(0),
  nonsense: () => say("{"),
  endless: () => {
    for (;;) writeSync(OUTPUT, "x".repeat(65_536));
  },
  vocabulary: () =>
    say(
      JSON.stringify({
        type: "evidence",
        evidence: { source: "gate/checks/exception", outcome: "pass", because: "", facts: {} },
      }),
    ),
  twice: () => {
    const one = JSON.stringify({
      type: "member",
      index: 1,
      member: { path: "x", sha256: "0".repeat(64), sizeBytes: 1, format: "data", signatures: [] },
    });
    say(one);
    say(one);
  },
  end: () => {
    say('{"type":"end"}');
    say('{"type":"end"}');
  },
  linger: async () => {
    say('{"type":"end"}');
    await new Promise(() => setInterval(() => undefined, 1000));
  },
  files: (outside) => {
    attempt("read", () => readFileSync(outside));
    attempt("write", () => writeFileSync(`${outside}.new`, ""));
    attempt("environment", () => {
      const names = Object.keys(process.env);
      if (names.length > 0) throw Object.assign(new Error(), { code: names.join(" ") });
    });
  },
  network: async (port) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("connect", () => resolve("done"));
    socket.on("error", (error) => resolve("code" in error ? String(error.code) : "failed"));
    tell("network", await promise);
  },
};

const hostile: Format = {
  id: "hostile",
  title: "hostile",
  document: "none",
  recognise: ({ head }) => head.toString("latin1").startsWith("hostile:"),
  async *open(source): AsyncGenerator<Member> {
    const [, act = "", argument = ""] = Buffer.from(await source.read(0, 4096))
      .toString("utf8")
      .split(/[:\n]/);
    yield {
      name: "before",
      async *content() {
        yield Buffer.from("seen");
      },
    };
    yield {
      name: "deep",
      // biome-ignore lint/correctness/useYield: it only acts
      async *content() {
        await acts[act]?.(argument);
        throw new ArtifactError("artifact.malformed", "hostile: acted");
      },
    };
  },
};

await run({ artifact: 3, input: 0, output: OUTPUT }, [hostile]);
