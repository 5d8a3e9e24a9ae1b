/** The parser process at work: reads the request, takes the artifact apart, says what it sees. @module */

import { exitWithParent, readRequest, writeAll } from "@sallyport/cage";
import { Budget, type ByteSource, type FileBacking, FileSource, WorldError } from "@sallyport/core";
import { MemberSender } from "../antivirus/sender.ts";
import { mapBrought } from "../brought.ts";
import { descend } from "../descent/descent.ts";
import { Spool } from "../descent/spool.ts";
import type { Format } from "../formats/format.ts";
import { formats } from "../formats/registry.ts";
import { signatureSchemes } from "../signatures/registry.ts";
import { PortraitWriter } from "../study/portrait-writer.ts";
import { Study } from "../study/study.ts";
import type { ParserMessage } from "./message.ts";
import { decodeRequest } from "./request.ts";

const FLUSH_CHARACTERS = 32 * 1024;
const FLUSH_MILLISECONDS = 20;
/** The parent knows the artifact's hash better than we may: it does not believe ours. */
const HASHED_BY_PARENT = "0".repeat(64);

export interface Descriptors {
  readonly artifact: number;
  readonly input: number;
  readonly output: number;
}

/** @param extraFormats - asked first; for tests of the isolation itself */
export async function run(descriptors: Descriptors, extraFormats: readonly Format[] = []): Promise<void> {
  const request = decodeRequest(readRequest(descriptors.input));
  exitWithParent();
  const writer = new Writer(descriptors.output);
  const source = new CountingSource(new FileSource(descriptors.artifact));
  const { study: wish, portraitDescriptor, maxHeldBytes } = request;
  const portraits = portraitDescriptor === undefined ? undefined : new PortraitWriter(portraitDescriptor);
  try {
    await descend(source, {
      maxHeldBytes,
      trust: request.trust,
      now: request.now,
      brought: mapBrought(request.brought, ({ name, descriptor }) => ({
        name,
        source: new FileSource(descriptor),
      })),
      formats: [...extraFormats, ...formats],
      schemes: signatureSchemes,
      budget: new Budget(request.limits),
      spool: new Spool(request.scratchFolder),
      rootSha256: HASHED_BY_PARENT,
      ...(request.scan !== undefined && { sender: new MemberSender(request.scan) }),
      ...(wish !== undefined && { study: new Study({ ...wish, maxHeldBytes }, portraits) }),
      listener: {
        at: (path, isSmall) => writer.at({ type: "at", path, doneBytes: source.doneBytes }, isSmall),
        recognised: (path, format) => writer.write({ type: "recognised", path, format }, true),
        member: (index, member) => {
          portraits?.member(index, member);
          writer.write({ type: "member", index, member });
        },
        evidence: (evidence) => writer.write({ type: "evidence", evidence }),
        parts: (index, parts) => writer.write({ type: "parts", index, parts }),
      },
    });
    portraits?.flush();
    writer.write({ type: "end" });
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    const code = error.code === "world.changed" ? error.code : "world.io";
    writer.write({ type: "world", code, message: error.message });
  }
  writer.flush();
  process.exit(0);
}

type PlaceMessage = Extract<ParserMessage, { type: "at" }>;

/** Writes lines, in few calls where nothing is lost by it. */
class Writer {
  readonly #descriptor: number;
  #text = "";
  #flushedAt = performance.now();
  /** Where we are, not told yet. */
  #at: PlaceMessage | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** @param isSmall - told only when it is not done before anything is sent: then its own message tells it all */
  at(message: PlaceMessage, isSmall: boolean): void {
    this.#tellPlace();
    this.#at = message;
    if (!isSmall || this.#isDue()) this.flush();
  }

  /** @param atOnce - when what comes next could be the end of us: what is read then must be known by name */
  write(message: ParserMessage, atOnce = false): void {
    const isDue = atOnce || this.#isDue();
    const isDone = message.type === "member" && message.member.path === this.#at?.path;
    if (isDone && !isDue) this.#at = undefined;
    this.#tellPlace();
    this.#text += `${JSON.stringify(message)}\n`;
    if (isDue) this.flush();
  }

  #isDue(): boolean {
    return this.#text.length >= FLUSH_CHARACTERS || performance.now() - this.#flushedAt > FLUSH_MILLISECONDS;
  }

  #tellPlace(): void {
    if (this.#at !== undefined) this.#text += `${JSON.stringify(this.#at)}\n`;
    this.#at = undefined;
  }

  flush(): void {
    this.#tellPlace();
    const bytes = Buffer.from(this.#text);
    writeAll(this.#descriptor, bytes);
    this.#text = "";
    this.#flushedAt = performance.now();
  }
}

/** How far the artifact was read, for the progress that is shown. */
class CountingSource implements ByteSource {
  readonly #source: FileSource;
  #readBytes = 0;

  constructor(source: FileSource) {
    this.#source = source;
  }

  get sizeBytes(): number {
    return this.#source.sizeBytes;
  }

  get backing(): FileBacking {
    return this.#source.backing;
  }

  /** Never more than there is, though some bytes are read twice. */
  get doneBytes(): number {
    return Math.min(this.#readBytes, this.sizeBytes);
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    this.#readBytes += length;
    return this.#source.read(offset, length);
  }

  async readInto(offset: number, target: Uint8Array, length: number): Promise<void> {
    this.#readBytes += length;
    await this.#source.readInto(offset, target, length);
  }

  async *stream(offset = 0, length = this.sizeBytes - offset): AsyncIterable<Uint8Array> {
    for await (const chunk of this.#source.stream(offset, length)) {
      this.#readBytes += chunk.length;
      yield chunk;
    }
  }
}
