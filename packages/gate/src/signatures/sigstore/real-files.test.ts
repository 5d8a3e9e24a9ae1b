/** Attestations that public services made, over packages that npm fetches. */

import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { npmFile, sourceOf, verifyContext } from "@sallyport/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import type { Brought, BroughtFile } from "../../brought.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { readBundle } from "./bundle.ts";
import { readAttestations } from "./documents.ts";
import { sigstore } from "./index.ts";
import { judgeBundle } from "./judgement.ts";
import { shippedKeys } from "./keys.ts";
import {
  npmAttestations,
  npmPackage,
  pypiFileSha256,
  pypiProvenance,
  signedRelease,
} from "./public-attestations.fixture.ts";
import shippedRegistryKeys from "./registry-keys.json" with { type: "json" };
import { readRoot } from "./trust-root.ts";
import shippedRoot from "./trusted-root.json" with { type: "json" };

const run = promisify(execFile);
const file = (document: unknown): BroughtFile => ({
  name: "attestations.json",
  source: sourceOf(Buffer.from(JSON.stringify(document))),
});

/** The tarball as the registry serves it. */
async function tarball(spec: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-tarball-"));
  try {
    await run("npm", ["pack", spec, "--pack-destination", folder, "--silent"], { cwd: folder });
    const [name = ""] = await readdir(folder);
    return await readFile(join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verify(bytes: Buffer, document: unknown, more: Partial<Brought> = {}) {
  const context = verifyContext(
    { format: "gzip", trust: defaultTrust() },
    { signatures: [file(document)], ...more },
  );
  return sigstore.verify(sourceOf(bytes), context);
}

describe("npm's attestations of a package", () => {
  let bytes: Buffer = Buffer.alloc(0);
  beforeAll(async () => {
    bytes = await tarball(`${npmPackage.package}@${npmPackage.version}`);
  });

  it("verifies the workflow's provenance and the registry's own attestation with the shipped root", async () => {
    const { signatures, findings } = await verify(bytes, npmAttestations, { identity: npmPackage.identity });
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        integrity: "pass",
        trust: "valid-timestamped",
        namedBy: `--identity ${npmPackage.identity.subject} --issuer ${npmPackage.identity.issuer}`,
        signer: { organisation: "https://github.com/sigstore/sigstore-js" },
        facts: { subject: "pkg:npm/sigstore@0.4.0", loggedAt: "2023-01-11T17:31:52.000Z" },
      },
      {
        integrity: "pass",
        trust: "valid-timestamped",
        signer: { commonName: "npm registry" },
        product: "sigstore",
      },
    ]);
  });

  it("refuses one changed bit of the package", async () => {
    const changed = Buffer.from(bytes);
    changed[1000] = (changed[1000] ?? 0) ^ 1;
    const { signatures, findings } = await verify(changed, npmAttestations);
    expect(signatures.map(({ integrity, trust }) => `${integrity} ${trust}`)).toEqual([
      "fail broken",
      "fail broken",
    ]);
    expect(findings).toHaveLength(2);
  });
});

describe("the registry's signature of a release", () => {
  it("verifies with a shipped key, whose time is over", async () => {
    const bytes = await tarball("light-cycle@1.4.3");
    expect((await verify(bytes, signedRelease)).signatures).toMatchObject([
      { integrity: "pass", trust: "expired" },
    ]);
    const dated = { ...signedRelease, time: { "1.4.3": "2018-04-20T00:00:00.000Z" } };
    const packument = { name: "light-cycle", versions: { "1.4.3": signedRelease }, time: dated.time };
    for (const document of [dated, packument])
      expect((await verify(bytes, document)).signatures).toMatchObject([
        {
          integrity: "pass",
          trust: "timestamp-unverifiable",
          product: "light-cycle",
          facts: { release: "light-cycle@1.4.3" },
        },
      ]);
  });

  it("fails another name, another version and another file", async () => {
    const bytes = await tarball("light-cycle@1.4.3");
    for (const lie of [{ name: "light-cycles" }, { version: "1.4.4" }])
      expect((await verify(bytes, { ...signedRelease, ...lie })).signatures).toMatchObject([
        { integrity: "fail" },
      ]);
    expect((await verify(Buffer.from("x"), signedRelease)).signatures).toMatchObject([{ integrity: "fail" }]);
  });
});

describe("PyPI's provenance", () => {
  it("is vouched for by the log's promise, proof and checkpoint", async () => {
    const [attestation] = (await readAttestations(file(pypiProvenance))) ?? [];
    if (attestation?.kind !== "bundle") throw new Error("expected a bundle");
    const request = { origin: "provenance", keys: [], wholeFile: async () => undefined };
    const read = await readBundle(attestation.bundle, request);
    const context = {
      file: new Map([["sha256", pypiFileSha256] as const]),
      roots: [readRoot(shippedRoot)],
      rootId: "shipped",
      keys: shippedKeys(),
      identity: {
        subject: "919436158236-compute@developer.gserviceaccount.com",
        issuer: "https://accounts.google.com",
      },
      now: new Date(),
    };
    expect(judgeBundle(read, 0, context).report).toMatchObject({
      integrity: "pass",
      trust: "valid-timestamped",
      facts: { subject: "gcb_attestation_test-0.0.0.tar.gz", loggedAt: "2025-04-21T15:02:27.000Z" },
    });
  });
});

it("ships what its source holds", async () => {
  const seeds = await npmFile({
    package: "@sigstore/tuf",
    version: "5.0.1",
    integrity:
      "sha512-ofwYu9iXeMm85zPh0cauUXzXtIFNfHI1o9Ux1e0Eil6shsbx+8bAe58fhiU1FcHdOIxOkyDhZzD6Gu6uPnzoUg==",
    path: "seeds.json",
  });
  const [seed] = Object.values(
    JSON.parse(await readFile(seeds, "utf8")) as Record<string, { targets: Record<string, string> }>,
  );
  const target = (name: string): unknown =>
    JSON.parse(Buffer.from(seed?.targets[name] ?? "", "base64").toString());
  expect(target("trusted_root.json")).toEqual(shippedRoot);
  expect(target("registry.npmjs.org%2Fkeys.json")).toEqual(shippedRegistryKeys);
  expect(readRoot(shippedRoot).ignored).toEqual([]);
});
