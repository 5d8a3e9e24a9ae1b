/** clamd for tests: Debian's own with a database of one line, and servers that only look like one. @module */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { debianProgram } from "@sallyport/testkit";
import { askVersion } from "./clamd.ts";

/** What the one signature looks for, and what it is called. */
export const MARK = "AMarkThatOnlyThisTestHolds";
export const SIGNATURE = "Sallyport.Example.Test";

export interface RunningClamd {
  readonly socket: string;
  stop(): Promise<void>;
}

/** Libraries of clamd that a small machine lacks. */
const NEEDS = [
  "libclamav12",
  "libmspack0",
  "libjson-c5",
  "libxml2",
  "libpcre2-8-0",
  "libbz2-1.0",
  "libicu72",
  "libsystemd0",
  "libcap2",
  "libgcrypt20",
  "libgpg-error0",
  "liblzma5",
  "libzstd1",
  "liblz4-1",
  "libssl3",
  "zlib1g",
  "libstdc++6",
];

/**
 * Debian's clamd, with one signature.
 * @param settings - further lines of clamd.conf
 */
export async function startClamd(settings: readonly string[] = []): Promise<RunningClamd> {
  const program = await debianProgram("clamav-daemon", { file: "usr/sbin/clamd", needs: NEEDS });
  const folder = mkdtempSync(join(tmpdir(), "clamd-"));
  const socket = join(folder, "clamd.sock");
  mkdirSync(join(folder, "db"));
  const line = `${SIGNATURE}:0:*:${Buffer.from(MARK).toString("hex")}`;
  writeFileSync(join(folder, "db", "test.ndb"), `${line}\n`);
  const config = [`DatabaseDirectory ${join(folder, "db")}`, `LocalSocket ${socket}`, "Foreground yes"];
  writeFileSync(join(folder, "clamd.conf"), `${[...config, ...settings].join("\n")}\n`);
  const child = spawn(program.path, ["-c", join(folder, "clamd.conf")], {
    env: program.env,
    stdio: "ignore",
  });
  await waitFor(socket, child);
  return {
    socket,
    async stop() {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function waitFor(path: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const version = await askVersion({ address: { kind: "socket", path } }).catch(() => undefined);
    if (version !== undefined) return;
    if (child.exitCode !== null) throw new Error(`clamd ended with ${child.exitCode}`);
    await setTimeout(100);
  }
  throw new Error("clamd did not start");
}

function ended(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (child.exitCode !== null) resolve();
  child.once("exit", () => resolve());
  child.kill("SIGKILL");
  return promise;
}

export interface FalseClamd {
  readonly address: { readonly kind: "tcp"; readonly host: string; readonly port: number };
  /** Connections that were made. */
  readonly connections: () => number;
  stop(): Promise<void>;
}

/** A server on loopback. @param serve - given each connection that is not asked for a version */
export async function startFalseClamd(
  serve: (socket: Socket, first: Buffer) => void,
  version = "ClamAV 1.0.0/27000/Mon Nov 24 09:12:03 2025\0",
): Promise<FalseClamd> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (first) => {
      if (first.toString("latin1").startsWith("zVERSION")) socket.end(version);
      else serve(socket, first);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    address: { kind: "tcp", host: "127.0.0.1", port },
    connections: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
