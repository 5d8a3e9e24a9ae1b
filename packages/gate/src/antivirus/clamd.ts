/**
 * Speaks with clamd over its socket. One connection for each file: an answer can then belong to no other. Every wait ends.
 * Source: clamd(8), commands INSTREAM and VERSION.
 * @module
 */

import { createConnection, type Socket } from "node:net";
import type { ClamdAddress } from "./address.ts";
import type { ScanResult } from "./scan.ts";

/** Of silence: a large file that holds many others takes clamd a while after its last byte came. */
const IDLE_MILLISECONDS = 120_000;
const MOST_ANSWER_BYTES = 16 * 1024;

export interface ClamdOptions {
  readonly address: ClamdAddress;
  /** For tests. */
  readonly idleMilliseconds?: number;
}

/** @returns its version line, `ClamAV 1.4.3/27821/Mon Nov 24 09:12:03 2025` @throws Error saying why there is none */
export async function askVersion(options: ClamdOptions): Promise<string> {
  const exchange = new Exchange(options);
  await exchange.send(Buffer.from("zVERSION\0"));
  const answer = await exchange.answer();
  if (!/^ClamAV \d/.test(answer)) throw new Error("does not answer as clamd does");
  return answer;
}

/** One file on its way to clamd. Nothing here throws: what goes wrong is the answer. */
export class ClamdScan {
  readonly #exchange: Exchange;

  constructor(options: ClamdOptions) {
    this.#exchange = new Exchange(options);
    void this.#exchange.send(Buffer.from("zINSTREAM\0"));
  }

  /** @returns when more can be taken; at once, when it does not want any more */
  async write(bytes: Buffer): Promise<void> {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    await this.#exchange.send(Buffer.concat([length, bytes]));
  }

  async finish(): Promise<ScanResult> {
    await this.#exchange.send(Buffer.alloc(4));
    return this.#exchange.answer().then(readAnswer, (error: Error) => ({
      outcome: "failed",
      detail: `clamd ${error.message}`,
    }));
  }

  /** Nobody wants the answer any more. */
  abandon(): void {
    this.#exchange.close();
  }
}

/** @param answer - without its end */
export function readAnswer(answer: string): ScanResult {
  const said = /^stream: (.{1,1000})$/s.exec(answer)?.[1] ?? answer;
  if (answer === "stream: OK") return { outcome: "clean", detail: "" };
  if (/^INSTREAM size limit exceeded\. ERROR$/.test(answer))
    return { outcome: "over-limit", detail: "it is larger than clamd takes (StreamMaxLength)" };
  const found = /^(.{1,500}) FOUND$/s.exec(said)?.[1];
  // With AlertExceedsMax it says that it did not look at everything.
  if (found !== undefined && /^Heuristics\.Limits\.Exceeded/.test(found))
    return { outcome: "over-limit", detail: `clamd did not look at all of it (${printable(found)})` };
  if (found !== undefined) return { outcome: "found", detail: printable(found) };
  const error = /^(.{1,500}) ERROR$/s.exec(said)?.[1];
  const told = error ?? "an answer that is not understood";
  return { outcome: "failed", detail: `clamd said: ${printable(told)}` };
}

const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);

/** One connection, one command, one answer. */
class Exchange {
  readonly #socket: Socket;
  readonly #answer = Promise.withResolvers<string>();
  #heard = "";
  #isOver = false;

  constructor({ address, idleMilliseconds = IDLE_MILLISECONDS }: ClamdOptions) {
    // Whoever sends first need not listen yet.
    this.#answer.promise.catch(() => undefined);
    this.#socket = createConnection(
      address.kind === "socket" ? { path: address.path } : { host: address.host, port: address.port },
    );
    this.#socket.setTimeout(idleMilliseconds, () =>
      this.#end(new Error(`said nothing for ${Math.ceil(idleMilliseconds / 1000)} s`)),
    );
    this.#socket.on("data", (piece: Buffer) => this.#hear(piece));
    this.#socket.on("error", (error: NodeJS.ErrnoException) => this.#end(explain(error)));
    this.#socket.on("close", () => this.#end(new Error("ended the connection without an answer")));
  }

  async send(bytes: Buffer): Promise<void> {
    if (this.#isOver || this.#socket.destroyed || this.#socket.write(bytes)) return;
    await Promise.race([
      new Promise<void>((resolve) => this.#socket.once("drain", resolve)),
      this.#answer.promise.then(
        () => undefined,
        () => undefined,
      ),
    ]);
  }

  answer(): Promise<string> {
    return this.#answer.promise;
  }

  close(): void {
    this.#end(new Error("was not waited for"));
  }

  #hear(piece: Buffer): void {
    this.#heard += piece.toString("latin1");
    const end = this.#heard.indexOf("\0");
    if (end >= 0) this.#answer.resolve(this.#heard.slice(0, end));
    if (end >= 0 || this.#heard.length > MOST_ANSWER_BYTES) this.#end(new Error("said too much"));
  }

  #end(error: Error): void {
    this.#isOver = true;
    this.#answer.reject(error);
    this.#socket.destroy();
  }
}

const WHY: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "is not there: no such socket"],
  ["ECONNREFUSED", "is not there: nobody listens"],
  ["EACCES", "may not be reached by this user"],
  ["ENOTFOUND", "is not there: no such host"],
  ["EPIPE", "ended the connection"],
  ["ECONNRESET", "ended the connection"],
  ["ENOTSOCK", "is not there: the file is no socket"],
]);

const explain = (error: NodeJS.ErrnoException): Error =>
  new Error(WHY.get(error.code) ?? `cannot be reached (${error.code ?? "no reason given"})`);
