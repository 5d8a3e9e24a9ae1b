/** The replica must be what it claims: two releases that differ for the gate in one thing only. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS, type Evidence, silentLog } from "@sallyport/core";
import { hasApt, osslsigncode } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Opening, openArtifact } from "../gate.ts";
import { withAnchorsFromPem } from "../trust/trust-file.ts";
import { createTrustStore } from "../trust/trust-store.ts";
import { buildThreeCxCase, REPLICA_LIBRARY, type ReplicaRelease, type ThreeCxCase } from "./three-cx-case.ts";

const LIBRARY_PATH = `product.cab/Switchboard/${REPLICA_LIBRARY}`;

describe("the replica of the 3CX case", () => {
  let folder = "";
  let built: ThreeCxCase;
  let clean: Opening;
  let trojanised: Opening;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-case-"));
    built = await buildThreeCxCase();
    clean = await open(built.clean);
    trojanised = await open(built.trojanised);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function open({ fileName, msi }: ReplicaRelease): Promise<Opening> {
    const path = join(folder, fileName);
    writeFileSync(path, msi);
    return openArtifact({
      path,
      label: fileName,
      limits: DEFAULT_LIMITS,
      maxMemoryBytes: 1024 ** 3,
      scratchRoot: join(folder, "scratch"),
      trust: withAnchorsFromPem(createTrustStore([]), Buffer.from(built.rootPem), "root.pem"),
      now: new Date("2023-03-29T12:00:00Z"),
      log: silentLog,
    });
  }

  it("has a first release with nothing to find", () => {
    expect(badNewsOf(clean)).toEqual([]);
    expect(clean.artifact.root).toMatchObject({
      format: "msi",
      identity: { product: built.product, version: "18.11.1", company: built.vendor },
    });
  });

  it("has a second release with one thing to find: the text, where it stands in the library", () => {
    const library = libraryOf(built.trojanised);
    const offsetBytes = libraryEndWithoutText(built);
    const found = { rule: "T6", offsetBytes, lengthBytes: library.length - offsetBytes };
    expect(library.subarray(offsetBytes).toString("latin1")).toContain("This is only text.");
    expect(badNewsOf(trojanised)).toMatchObject([
      { source: "gate/checks/certificate-table", outcome: "fail", path: LIBRARY_PATH, facts: found },
    ]);
  });

  it.each(["clean", "trojanised"] as const)("has only valid signatures in the %s release", (which) => {
    const { artifact } = which === "clean" ? clean : trojanised;
    const signed = [artifact.root, ...artifact.members].filter(({ signatures }) => signatures.length > 0);
    expect(signed.flatMap(({ signatures }) => signatures.map(({ signer }) => signer?.commonName))).toEqual([
      built.vendor,
      built.vendor,
      built.vendor,
      "Example Graphics Inc",
    ]);
    for (const { signatures } of signed)
      expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-timestamped" }]);
  });

  it("hides the text without touching a byte that the library's signature covers", () => {
    const digests = [clean, trojanised].map(
      ({ artifact }) => artifact.members.find(({ path }) => path === LIBRARY_PATH)?.signatures[0]?.digest,
    );
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
  });

  it.skipIf(!hasApt())("is believed by osslsigncode, the hidden text included", async () => {
    const program = await osslsigncode();
    writeFileSync(join(folder, "root.pem"), built.rootPem);
    const { fileName, msi, files } = built.trojanised;
    for (const [name, content] of [
      [fileName, msi],
      [REPLICA_LIBRARY, libraryOf({ files })],
    ] as const) {
      writeFileSync(join(folder, name), content);
      const words = ["verify", "-CAfile", "root.pem", "-TSA-CAfile", "root.pem", "-in", name];
      const { status, stdout } = spawnSync(program.path, words, {
        cwd: folder,
        env: program.env,
        encoding: "utf8",
      });
      expect({ name, status }).toEqual({ name, status: 0 });
      expect(stdout).toContain("Signature verification: ok");
    }
  });

  it("is the same every time but for keys and signatures", async () => {
    const again = await buildThreeCxCase();
    expect(again.rootPem).not.toBe(built.rootPem);
    expect(again.clean.files.map(({ name }) => name)).toEqual(built.clean.files.map(({ name }) => name));
    expect(unsignedBytes(again.clean)).toEqual(unsignedBytes(built.clean));
  });
});

const badNewsOf = ({ evidence }: Opening): readonly Evidence[] =>
  evidence.filter(({ outcome }) => outcome !== "pass");

function libraryOf({ files }: Pick<ReplicaRelease, "files">): Buffer {
  return files.find(({ name }) => name === REPLICA_LIBRARY)?.content ?? Buffer.alloc(0);
}

/** Both libraries carry the same PKCS#7; the clean one ends with it and fewer than eight zeros. */
function libraryEndWithoutText({ clean }: ThreeCxCase): number {
  const library = libraryOf(clean);
  const entry = library.readUInt32LE(library.readUInt32LE(0x3c) + 24 + 112 + 32) + 8;
  return entry + 4 + library.readUInt16BE(entry + 2);
}

/** What comes before the certificate table, but for the checksum, which covers the signature as well. */
function unsignedBytes({ files }: ReplicaRelease): readonly Buffer[] {
  return files.map(({ content }) => {
    if (content.readUInt16LE(0) !== 0x5a4d) return content;
    const optional = content.readUInt32LE(0x3c) + 24;
    const image = Buffer.from(content.subarray(0, content.readUInt32LE(optional + 112 + 32)));
    image.fill(0, optional + 64, optional + 68);
    image.fill(0, optional + 112 + 32, optional + 112 + 40);
    return image;
  });
}
