/**
 * Writes packages/gate/src/trust/anchors.json: reads the certificates that decisions.json names out of files given
 * as arguments, keeps the facts and drops the certificates. Where the files come from is in sources.md beside it.
 *
 *   node tools/collect-anchors.ts 'debian libwine 8.0=crypt32.dll' 'debian ca-certificates 20230311=bundle.pem' …
 *
 * A file may be PEM, DER, or anything that has DER certificates somewhere inside, such as a signed program.
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import { derLength } from "../packages/gate/src/asn1/der.ts";
import { anchorFrom } from "../packages/gate/src/trust/anchor.ts";
import { type AnchorJson, type Purpose, writeAnchor } from "../packages/gate/src/trust/trust-store.ts";
import { readCertificate } from "../packages/gate/src/x509/certificate.ts";

interface AnchorDecision {
  readonly id: string;
  readonly family: string;
  readonly certificateSha256: string;
  readonly purposes: readonly Purpose[];
  readonly distrustAfter?: string;
}

const FOLDER = new URL("../packages/gate/src/trust/", import.meta.url);

function collect(inputs: readonly string[]): readonly AnchorJson[] {
  const decisions: { anchors: readonly AnchorDecision[] } = JSON.parse(
    readFileSync(new URL("decisions.json", FOLDER), "utf8"),
  );
  const found = new Map<string, { der: Buffer; origin: string }>();
  for (const input of inputs) {
    const split = input.lastIndexOf("=");
    if (split < 1) throw new TypeError(`${input} is not ORIGIN=FILE`);
    for (const der of certificatesIn(readFileSync(input.slice(split + 1)))) {
      const { sha256 } = readCertificate(der);
      if (!found.has(sha256)) found.set(sha256, { der, origin: input.slice(0, split) });
    }
  }
  return decisions.anchors
    .map((decision) => {
      const source = found.get(decision.certificateSha256);
      if (source === undefined) throw new TypeError(`no input holds the certificate of ${decision.id}`);
      return writeAnchor(
        anchorFrom(source.der, {
          id: decision.id,
          family: decision.family,
          origin: source.origin,
          purposes: decision.purposes,
          ...(decision.distrustAfter === undefined
            ? {}
            : { distrustAfter: new Date(decision.distrustAfter) }),
        }),
      );
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function certificatesIn(bytes: Buffer): Buffer[] {
  const text = bytes.toString("latin1");
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g);
  const decoded = [...blocks].map(([, body = ""]) => Buffer.from(body, "base64")).filter(isCertificate);
  const found: Buffer[] = decoded;
  for (let at = bytes.indexOf(SEQUENCE); at >= 0; at = bytes.indexOf(SEQUENCE, at + 1)) {
    const der = valueAt(bytes.subarray(at, at + 16_384));
    if (der !== undefined && isCertificate(der)) found.push(der);
  }
  return found;
}

/** A SEQUENCE with a length of two octets: no certificate is shorter. */
const SEQUENCE = Buffer.from([0x30, 0x82]);

function valueAt(bytes: Buffer): Buffer | undefined {
  try {
    return Buffer.from(bytes.subarray(0, derLength(bytes)));
  } catch {
    return undefined;
  }
}

function isCertificate(der: Buffer): boolean {
  try {
    readCertificate(der);
    return true;
  } catch {
    return false;
  }
}

const anchors = collect(process.argv.slice(2));
const table = { schema: "sallyport.anchors/1", version: 1, anchors };
writeFileSync(new URL("anchors.json", FOLDER), `${JSON.stringify(table, null, 2)}\n`);
console.error(`wrote ${anchors.length} anchors`);
