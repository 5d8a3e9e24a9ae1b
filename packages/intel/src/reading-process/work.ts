/** The reading process at work: hears which source's files to read, and says what they say. @module */

import { exitWithParent, readRequest, writeAll } from "@sallyport/cage";
import { Budget, FileSource, RangeSource, SallyportError } from "@sallyport/core";
import type { IntelSource, ReadContext, SourceFile } from "../source.ts";
import type { ReadingMessage } from "./message.ts";
import { FIRST_FILE_DESCRIPTOR, type ReadingFile, type ReadingRequest } from "./request.ts";

const OUTPUT = 1;
const FLUSH_CHARACTERS = 256 * 1024;

/** Reads the request, answers it, and ends the process. @param sources - those that may be asked for */
export async function run(sources: readonly IntelSource[]): Promise<void> {
  const request = JSON.parse(readRequest()) as ReadingRequest;
  exitWithParent();
  const writer = new Writer();
  try {
    const source = sources.find(({ id }) => id === request.source);
    if (source === undefined) throw new Error("there is no such source");
    await answer(request, source, writer);
    writer.write({ type: "end" });
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    writer.write({ type: "failed", code: error.code, message: error.message });
  }
  writer.flush();
  process.exit(0);
}

async function answer(request: ReadingRequest, source: IntelSource, writer: Writer): Promise<void> {
  const files = request.files.map(sourceFileOf);
  const context: ReadContext = {
    budget: new Budget(request.limits),
    now: new Date(request.now),
    scratchFolder: request.scratchFolder,
    trustedKeys: request.trustedKeys,
    skip: (row) => writer.write({ type: "skipped", row }),
    tell: (sentence) => writer.write({ type: "told", sentence }),
  };
  if (request.ask === "follow") await follow(source, files, { context, writer });
  else await read(source, files, { context, writer });
}

function sourceFileOf({ name, descriptor, offset, sizeBytes }: ReadingFile): SourceFile {
  const whole = new FileSource(FIRST_FILE_DESCRIPTOR + descriptor);
  const isPart = offset !== undefined && sizeBytes !== undefined;
  return { name, source: isPart ? new RangeSource(whole, offset, sizeBytes) : whole };
}

interface Work {
  readonly context: ReadContext;
  readonly writer: Writer;
}

async function follow(
  source: IntelSource,
  files: readonly SourceFile[],
  { context, writer }: Work,
): Promise<void> {
  writer.write({ type: "downloads", downloads: (await source.follow?.(files, context)) ?? [] });
}

async function read(
  source: IntelSource,
  files: readonly SourceFile[],
  { context, writer }: Work,
): Promise<void> {
  const asOf = await source.asOf?.(files, context);
  if (asOf !== undefined) writer.write({ type: "as-of", asOf });
  for await (const fact of source.read(files, context)) writer.write({ type: "fact", fact });
}

/** Writes lines, in few calls. */
class Writer {
  #text = "";

  write(message: ReadingMessage): void {
    this.#text += `${JSON.stringify(message)}\n`;
    if (this.#text.length >= FLUSH_CHARACTERS) this.flush();
  }

  flush(): void {
    writeAll(OUTPUT, Buffer.from(this.#text));
    this.#text = "";
  }
}
