/** Who proved to be at the other end. Source: RFC 8446; RFC 5280. @module */

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly protocol: string;
  /** Common names, or the whole name where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly certificateSha256: string;
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly validUntil: string;
}

/** @returns undefined for a connection in the clear */
export function tlsFactsOf(socket: Socket | null): TlsFacts | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return {
    protocol: socket.getProtocol() ?? "",
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    certificateSha256: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validUntil: new Date(certificate.validTo).toISOString(),
  };
}

const MAX_NAME_CHARACTERS = 500;

/** Node prints one attribute a line: `CN=example.com`. */
function nameOf(name: string | undefined): string {
  const lines = (name ?? "").split("\n");
  const common = lines.find((line) => line.startsWith("CN="))?.slice(3);
  return (common ?? lines.join(", ")).slice(0, MAX_NAME_CHARACTERS);
}
