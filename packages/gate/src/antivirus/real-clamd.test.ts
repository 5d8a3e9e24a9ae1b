/** Debian's clamd, with a database of one line, asked about members of members. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS, silentLog } from "@sallyport/core";
import { hasApt } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { antivirus } from "../checks/antivirus/index.ts";
import { contextWith } from "../checks/check.fixture.ts";
import { openArtifact } from "../gate.ts";
import { writeMsi } from "../replica/msi-package.ts";
import { writeZip } from "../replica/zip-archive.ts";
import { MARK, type RunningClamd, SIGNATURE, startClamd } from "./clamd.fixture.ts";

const MIB = 1024 ** 2;
const CAN_RUN = hasApt() && process.platform === "linux";

describe.skipIf(!CAN_RUN)("beside Debian's clamd", () => {
  let folder = "";
  let clamd: RunningClamd;
  beforeAll(async () => {
    clamd = await startClamd(["StreamMaxLength 25M"]);
    folder = mkdtempSync(join(tmpdir(), "scanned-"));
  }, 300_000);
  afterAll(async () => {
    await clamd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function check(bytes: Uint8Array, maxBytes = 100 * MIB, socket = clamd.socket) {
    const path = join(folder, "artifact");
    writeFileSync(path, bytes);
    const { artifact } = await openArtifact({
      path,
      label: "artifact",
      limits: DEFAULT_LIMITS,
      maxMemoryBytes: 512 * MIB,
      scratchRoot: join(folder, "scratch"),
      trust: { anchors: [], revocationLists: [], hash: "" },
      now: new Date(0),
      log: silentLog,
      antivirus: { address: { kind: "socket", path: socket }, maxBytes },
    });
    const result = await antivirus.examine?.({ artifact, context: contextWith({}) });
    return result === undefined || "notChecked" in result ? [] : [result].flat();
  }

  it("finds what lies in an installer inside an archive, and says where", async () => {
    const bad = Buffer.from(`nothing ${MARK} nothing`);
    const installer = writeMsi({
      product: "Example Tool",
      company: "Example Software",
      version: "1.2.3",
      folder: "Example",
      files: [
        { name: "good.txt", content: Buffer.from("good") },
        { name: "bad.txt", content: bad },
      ],
    });
    const archive = writeZip([
      { name: "readme.txt", bytes: Buffer.from("read me") },
      { name: "setup.msi", bytes: installer },
    ]);
    expect(await check(archive)).toMatchObject([
      {
        outcome: "fail",
        path: expect.stringMatching(/^setup\.msi\/.+/),
        because: expect.stringContaining(SIGNATURE),
        facts: { engine: expect.stringMatching(/^ClamAV \d/) },
      },
    ]);
  });

  it("passes what it found nothing in, saying who looked", async () => {
    expect(await check(writeZip([{ name: "a.txt", bytes: Buffer.from("good") }]))).toMatchObject([
      { outcome: "pass", because: expect.stringMatching(/^ClamAV .* found nothing in 2 files$/) },
    ]);
  });

  it("says that a member of 150 MB was not scanned, and scans the others", async () => {
    const archive = writeZip([
      { name: "large.bin", bytes: Buffer.alloc(150 * MIB) },
      { name: "small.txt", bytes: Buffer.from("good") },
    ]);
    const seen = await check(archive);
    expect(seen).toMatchObject([
      {
        outcome: "unknown",
        path: "large.bin",
        because: expect.stringMatching(/^was not scanned: it is larger than the 100 MiB/),
        facts: { sizeBytes: 150 * MIB },
      },
    ]);
  });

  it("says that a member above clamd's own limit was not scanned", async () => {
    const seen = await check(writeZip([{ name: "middle.bin", bytes: Buffer.alloc(30 * MIB, 1) }]));
    expect(seen).toMatchObject([{ outcome: "unknown", path: "middle.bin" }]);
    expect(seen[0]?.because).toMatch(/StreamMaxLength|ended the connection/);
  });

  it("is unknown where clamd dies while it is asked", async () => {
    const own = await startClamd();
    const members = Array.from({ length: 400 }, (_, index) => ({
      name: `${index}.bin`,
      bytes: Buffer.alloc(64 * 1024, index),
    }));
    const asked = check(writeZip(members), 100 * MIB, own.socket);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await own.stop();
    const outcomes = new Set((await asked).map(({ outcome }) => outcome));
    // It may have been through by then; what it did not answer is never clean.
    expect(outcomes.has("fail")).toBe(false);
  });

  it("is unknown where clamd is not there", async () => {
    const seen = await check(writeZip([{ name: "a", bytes: Buffer.from("a") }]), MIB, join(folder, "none"));
    expect(seen).toMatchObject([
      { outcome: "unknown", because: expect.stringMatching(/^nothing was scanned: clamd is not there/) },
    ]);
  });
});

if (!CAN_RUN) it.skip("clamd is run on Linux with apt-get only", () => undefined);
