/**
 * The operating system's own store, by request only: it is made for web sites, differs from machine to machine, and
 * may hold an authority that a company uses to read its own staff's traffic.
 * @module
 */

import { X509Certificate } from "node:crypto";
import { hasCode, UsageError } from "@sallyport/core";
import { anchorFrom } from "./anchor.ts";
import { createTrustStore, type TrustAnchor, type TrustStore } from "./trust-store.ts";

/**
 * Adds the system's roots. One that cannot be read is left out: the store is not ours to repair.
 * @throws {@link UsageError} `usage.trust` when the system has none
 */
export function systemTrust(
  store: TrustStore,
  certificates: readonly string[] = systemCertificates(),
): TrustStore {
  const anchors = certificates.flatMap((pem) => systemAnchor(pem) ?? []);
  if (anchors.length === 0)
    throw new UsageError(
      "usage.trust",
      "This system's certificate store is empty or cannot be read. Install its certificates (Debian: ca-certificates) " +
        "or name a file instead: --trust FILE.",
    );
  return createTrustStore([...store.anchors, ...anchors], store.revocationLists);
}

/** Loaded on request: TLS takes longer to load than all of our own code on certificates. */
const systemCertificates = (): readonly string[] =>
  process.getBuiltinModule("node:tls").getCACertificates("system");

function systemAnchor(pem: string): TrustAnchor | undefined {
  try {
    const anchor = anchorFrom(new X509Certificate(pem).raw, {
      id: "",
      family: "system",
      origin: "--trust system",
      purposes: ["code-signing", "timestamping"],
    });
    return anchor.onlyItself === true
      ? undefined
      : { ...anchor, id: `system-${anchor.certificateSha256.slice(0, 16)}` };
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return undefined;
    throw error;
  }
}
