import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { type FalseClamd, startFalseClamd } from "./clamd.fixture.ts";
import { FrameReader, writeFrame } from "./frame.ts";
import { ScanReceiver } from "./receiver.ts";

let server: FalseClamd | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Finds something in what holds an `x`. */
const start = async () => {
  server = await startFalseClamd((socket, first) => {
    let all = first;
    const look = () => {
      if (all.length >= 4 && all.readUInt32BE(all.length - 4) === 0)
        socket.end(all.includes("x") ? "stream: Example.Test FOUND\0" : "stream: OK\0");
    };
    socket.on("data", (piece) => {
      all = Buffer.concat([all, piece]);
      look();
    });
    look();
  });
  return server;
};

async function receive(pieces: readonly Buffer[], address: FalseClamd["address"]) {
  const receiver = new ScanReceiver({ address, maxBytes: 100 * 1024 ** 2, idleMilliseconds: 500 });
  const stream = new PassThrough();
  receiver.listen(stream);
  for (const piece of pieces) stream.write(piece);
  stream.end();
  const { scanner, results } = await receiver.results();
  return { scanner, results: Object.fromEntries([...results].map(([at, { outcome }]) => [at, outcome])) };
}
const member = (index: number, text: string) =>
  Buffer.concat([
    writeFrame("begin", index),
    writeFrame("data", text.length),
    Buffer.from(text),
    writeFrame("end"),
  ]);

describe("members from the parser process", () => {
  it("are answered one by one, by their index, however the pipe cuts them", async () => {
    const { address } = await start();
    const bytes = Buffer.concat([member(3, "fine"), member(5, "x"), writeFrame("over-limit", 9)]);
    const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect(await receive(pieces, address)).toEqual({
      scanner: { engine: "ClamAV 1.0.0", signaturesOf: "2025-11-24", maxBytes: 100 * 1024 ** 2 },
      results: { 3: "clean", 5: "found", 9: "over-limit" },
    });
  });

  it("that are many are all answered", async () => {
    const { address } = await start();
    const pieces = Array.from({ length: 200 }, (_, index) => member(index, index % 7 === 0 ? "x" : "y"));
    const { results } = await receive(pieces, address);
    expect(Object.values(results).filter((outcome) => outcome === "found")).toHaveLength(29);
    expect(Object.keys(results)).toHaveLength(200);
  });

  it.each<[string, readonly Buffer[]]>([
    ["ends in the middle of one", [member(1, "y"), member(2, "y").subarray(0, 8)]],
    ["ends behind the bytes of one", [member(1, "y"), member(2, "y").subarray(0, -5)]],
    ["begins one inside another", [member(1, "y"), writeFrame("begin", 2), writeFrame("begin", 3)]],
    ["sends frames of no kind", [member(1, "y"), writeFrame("begin", 2), Buffer.from([9, 0, 0, 0, 0])]],
    [
      "sends a frame that ends the file for clamd alone",
      [
        member(1, "y"),
        writeFrame("begin", 2),
        writeFrame("data", 1),
        Buffer.from("y"),
        writeFrame("data", 0),
        writeFrame("data", 1),
        Buffer.from("x"),
        writeFrame("end"),
      ],
    ],
    ["sends an endless frame", [member(1, "y"), writeFrame("begin", 2), writeFrame("data", 2 ** 31)]],
  ])("are not clean where the process %s", async (_, pieces) => {
    const { address } = await start();
    expect((await receive(pieces, address)).results).toEqual({ 1: "clean", 2: "failed" });
  });

  it("count once, whatever is said of them later", async () => {
    const { address } = await start();
    const { results } = await receive([member(1, "x"), member(1, "y"), member(2, "y")], address);
    expect(results).toEqual({ 1: "found" });
  });

  it("are not clean where clamd dies, and it is not asked for ever", async () => {
    server = await startFalseClamd((socket) => socket.destroy());
    const pieces = Array.from({ length: 50 }, (_, index) => member(index, "y"));
    const { results, scanner } = await receive(pieces, server.address);
    expect(new Set(Object.values(results))).toEqual(new Set(["failed"]));
    expect(scanner.problem).toBeUndefined();
    expect(server.connections()).toBeLessThan(20);
  });

  it("are not clean where clamd is not there, and that is said", async () => {
    const { address } = await start();
    await server?.stop();
    const { results, scanner } = await receive([member(1, "y")], address);
    expect(results).toEqual({ 1: "failed" });
    expect(scanner.problem).toMatch(/nobody listens/);
  });
});

it("reads frames as they were written", () => {
  const frames = [...new FrameReader().add(Buffer.concat([member(7, "abc"), writeFrame("over-limit", 8)]))];
  expect(frames).toEqual([
    { kind: "begin", index: 7 },
    { kind: "data", bytes: Buffer.from("abc") },
    { kind: "end" },
    { kind: "over-limit", index: 8 },
  ]);
});
