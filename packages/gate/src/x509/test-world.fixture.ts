/** For tests: a little world of authorities, judged by us and by `openssl verify`. @module */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import {
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  writePem,
} from "../replica/certificate-authority.ts";
import { type KeyKind, type SigningKey, signingKeyNamed } from "../replica/signing-key.ts";
import { anchorFrom } from "../trust/anchor.ts";
import { createTrustStore, type Purpose, type TrustAnchor } from "../trust/trust-store.ts";
import { readCertificate } from "./certificate.ts";
import { buildPath, type PathResult } from "./path.ts";

export const NOW = new Date("2026-06-01T00:00:00Z");
export const PERIOD = {
  validFrom: new Date("2020-01-01T00:00:00Z"),
  validUntil: new Date("2035-01-01T00:00:00Z"),
};

export const key = (name: string, kind: KeyKind = "p-256"): SigningKey => signingKeyNamed(name, kind);

export const root = (name = "Root", request: Partial<CertificateRequest> = {}) =>
  issueRoot({ ...PERIOD, subject: { commonName: name }, key: key(name), ...request });

export const authority = (
  name: string,
  issuer: IssuedCertificate,
  request: Partial<CertificateRequest> = {},
) =>
  issueCertificate(
    {
      ...PERIOD,
      subject: { commonName: name },
      key: key(name),
      isAuthority: true,
      keyUsage: ["keyCertSign", "crlSign"],
      ...request,
    },
    issuer,
  );

export const signer = (issuer: IssuedCertificate, request: Partial<CertificateRequest> = {}) =>
  issueCertificate(
    {
      ...PERIOD,
      subject: { commonName: "Signer", organisation: "Example" },
      key: key("Signer"),
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
      ...request,
    },
    issuer,
  );

export function anchorOf(issued: IssuedCertificate, change: Partial<TrustAnchor> = {}): TrustAnchor {
  const purposes: readonly Purpose[] = ["code-signing", "timestamping"];
  return {
    ...anchorFrom(issued.certificate, { id: "root", family: "Test", origin: "test", purposes }),
    ...change,
  };
}

export interface World {
  readonly anchors?: readonly TrustAnchor[];
  readonly revocationLists?: readonly Uint8Array[];
  readonly purpose?: Purpose;
  readonly at?: Date;
}

export function judge(
  leaf: IssuedCertificate,
  pool: readonly IssuedCertificate[],
  world: World = {},
): PathResult {
  return buildPath({
    leaf: readCertificate(leaf.certificate),
    pool: pool.map((one) => readCertificate(one.certificate)),
    purpose: world.purpose ?? "code-signing",
    at: world.at ?? NOW,
    trust: createTrustStore(world.anchors ?? [anchorOf(root())], world.revocationLists ?? []),
  });
}

export const openssl = spawnSync("openssl", ["version"]).status === 0;

/** What OpenSSL makes of the same leaf, pool and root. Its purpose for code signing does not exist in 3.0. */
function opensslAccepts(
  leaf: IssuedCertificate,
  pool: readonly IssuedCertificate[],
  anchor: IssuedCertificate,
): boolean {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-x509-"));
  try {
    return opensslVerifies(folder, leaf, pool, anchor);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function opensslVerifies(
  folder: string,
  leaf: IssuedCertificate,
  pool: readonly IssuedCertificate[],
  anchor: IssuedCertificate,
): boolean {
  const file = (name: string, ...ders: Uint8Array[]) => {
    const path = join(folder, name);
    writeFileSync(path, writePem("CERTIFICATE", ...ders));
    return path;
  };
  const result = spawnSync("openssl", [
    "verify",
    ...["-attime", String(NOW.getTime() / 1000)],
    ...["-no-CApath", "-no-CAstore", "-CAfile", file("root.pem", anchor.certificate)],
    ...["-untrusted", file("pool.pem", ...pool.map((one) => one.certificate))],
    file("leaf.pem", leaf.certificate),
  ]);
  return result.status === 0;
}

/** Both must say the same about rules that OpenSSL knows too. */
export function expectBoth(
  leaf: IssuedCertificate,
  pool: readonly IssuedCertificate[],
  outcome: PathResult["outcome"],
) {
  const result = judge(leaf, pool);
  expect(result.outcome, result.because).toBe(outcome);
  if (openssl)
    expect(opensslAccepts(leaf, pool.length === 0 ? [leaf] : pool, root())).toBe(outcome === "anchored");
}
