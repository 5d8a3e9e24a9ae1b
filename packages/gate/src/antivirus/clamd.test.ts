import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { readClamdAddress, showClamdAddress } from "./address.ts";
import { type FalseClamd, startFalseClamd } from "./clamd.fixture.ts";
import { askVersion, ClamdScan, readAnswer } from "./clamd.ts";

let server: FalseClamd | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function scanWith(
  serve: (socket: Socket, first: Buffer) => void,
  bytes = Buffer.from("x"),
  times = 1,
): ReturnType<ClamdScan["finish"]> {
  server = await startFalseClamd(serve);
  const scan = new ClamdScan({ address: server.address, idleMilliseconds: 300 });
  for (let time = 0; time < times; time += 1) await scan.write(bytes);
  return scan.finish();
}

/** Answers when the length of nothing came. */
const answering = (answer: string) => (socket: Socket, first: Buffer) => {
  let all = first;
  const look = () => {
    if (all.length >= 4 && all.readUInt32BE(all.length - 4) === 0) socket.end(answer);
  };
  socket.on("data", (piece) => {
    all = Buffer.concat([all, piece]);
    look();
  });
  look();
};

describe("one file at clamd", () => {
  it("is sent in pieces with their lengths, ended, and answered", async () => {
    let heard: Buffer = Buffer.alloc(0);
    const result = await scanWith((socket, first) => {
      heard = first;
      answering("stream: OK\0")(socket, first);
      socket.on("data", (piece) => {
        heard = Buffer.concat([heard, piece]);
      });
    }, Buffer.from("abc"));
    expect(result).toEqual({ outcome: "clean", detail: "" });
    expect(heard.toString("latin1")).toBe("zINSTREAM\0\0\0\0\x03abc\0\0\0\0");
  });

  it.each<[string, (socket: Socket, first: Buffer) => void, RegExp]>([
    ["ends the connection at once", (socket) => socket.destroy(), /ended the connection/],
    ["ends it without a word", (socket) => socket.end(), /without an answer/],
    ["says nothing", () => undefined, /said nothing for 1 s/],
    ["says half an answer", (socket) => socket.end("stream: O"), /without an answer/],
    ["says something else", answering("HTTP/1.1 200 OK\0"), /not understood/],
    ["says too much", (socket) => socket.write("x".repeat(100_000)), /said too much/],
    ["answers another question", answering("PONG\0"), /not understood/],
    ["says that it could not", answering("stream: Can't allocate memory ERROR\0"), /Can't allocate memory/],
  ])("is not clean when clamd %s", async (_, serve, because) => {
    const result = await scanWith(serve);
    expect(result.outcome).toBe("failed");
    expect(result.detail).toMatch(because);
  });

  it("is not waited for when clamd stops taking it", async () => {
    const result = await scanWith((socket) => socket.pause(), Buffer.alloc(1024 * 1024), 64);
    expect(result.outcome).toBe("failed");
  });

  it("is over the limit when clamd says so in the middle of it", async () => {
    const said = "INSTREAM size limit exceeded. ERROR\0";
    const result = await scanWith((socket) => socket.end(said), Buffer.alloc(1024 * 1024), 8);
    expect(result.outcome).not.toBe("clean");
  });
});

describe("an answer", () => {
  it.each<[string, string, string]>([
    ["stream: OK", "clean", ""],
    ["stream: Example.Test FOUND", "found", "Example.Test"],
    ["stream: Example.Test(aa:12) FOUND", "found", "Example.Test(aa:12)"],
    ["stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", "over-limit", "MaxFileSize"],
    ["INSTREAM size limit exceeded. ERROR", "over-limit", "StreamMaxLength"],
    ["stream: \u001b[31mred FOUND", "found", "?[31mred"],
    ["stream: OK FOUND", "found", "OK"],
    ["OK", "failed", "not understood"],
    ["stream: OKAY", "failed", "not understood"],
    ["", "failed", "not understood"],
    ["stream: ", "failed", "not understood"],
  ])("%j is %s", (answer, outcome, detail) => {
    expect(readAnswer(answer)).toEqual({ outcome, detail: expect.stringContaining(detail) });
  });
});

describe("the version", () => {
  it("is what clamd says", async () => {
    server = await startFalseClamd(() => undefined);
    expect(await askVersion(server)).toMatch(/^ClamAV 1\.0\.0/);
  });

  it("is not what another server says, nor one that is not there", async () => {
    server = await startFalseClamd(() => undefined, "SSH-2.0-Example\0");
    await expect(askVersion(server)).rejects.toThrow("does not answer as clamd does");
    const gone = { address: { kind: "socket", path: "/nowhere/clamd.sock" } } as const;
    await expect(askVersion(gone)).rejects.toThrow("no such socket");
  });
});

describe("an address", () => {
  it.each([
    ["/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"],
    ["unix:/run/clamd", "/run/clamd"],
    ["./clamd.sock", "./clamd.sock"],
    ["localhost:3310", "localhost:3310"],
    ["tcp://scanner.example:3310", "scanner.example:3310"],
    ["[::1]:3310", "::1:3310"],
  ])("%s is read", (text, shown) => {
    expect(showClamdAddress(readClamdAddress(text, "--antivirus"))).toBe(shown);
  });

  it.each(["", "clamd", "host:", "host:0", "host:99999", ":3310", "host:port", `/${"a".repeat(300)}`])(
    "%j is none",
    (text) => {
      expect(() => readClamdAddress(text, "--antivirus")).toThrow(
        expect.objectContaining({ code: "usage.value" }),
      );
    },
  );
});
