/**
 * Bundles made by the makers' own client (`@sigstore/sign`) against their own imitation of the services
 * (`@sigstore/mock`), both installed by npm under `.cache`.
 * @module
 */

import { execFile } from "node:child_process";
import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Json } from "@sallyport/core";
import { bundleToJSON } from "@sigstore/bundle";

const run = promisify(execFile);
const HOME = resolve(
  import.meta.dirname,
  "../../../../../.cache/npm-programs/sigstore-sign-5.1.0-mock-0.13.0",
);

async function install(): Promise<NodeJS.Require> {
  if (!existsSync(HOME)) {
    const staging = `${HOME}.${randomUUID()}`;
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, "package.json"), '{"private":true}');
    const packages = ["@sigstore/sign@5.1.0", "@sigstore/mock@0.13.0"];
    await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], {
      cwd: staging,
    });
    await rename(staging, HOME).catch(() => rm(staging, { recursive: true, force: true }));
  }
  return createRequire(join(HOME, "package.json"));
}

export const SUBJECT = "https://example.com/release";
export const ISSUER = "https://issuer.example";

/** @returns bundles with a signature over the file and with a statement about it, and the root that vouches for both */
export async function signIndependently(file: Buffer): Promise<{ bundles: readonly Json[]; root: Json }> {
  const load = await install();
  const services = load("@sigstore/mock");
  const client = load("@sigstore/sign");
  const nock = load("nock");
  const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  // A minute ahead, because the roots are made with the machine's clock and must be older; a fraction of two digits,
  // which authorities write and some readers do not know.
  const clock = new Date((Math.floor(Date.now() / 1000) + 60) * 1000 + 120);
  const certificateLog = await services.initializeCTLog(keys(), clock);
  const authority = await services.initializeCA(keys(), certificateLog, clock);
  const log = await services.initializeTLog("https://log.example", keys(), clock);
  const stamps = await services.initializeTSA(keys(), clock);
  const serve = (base: string, handler: Handler) =>
    nock(base)
      .persist()
      .post(handler.path)
      .reply(async (_path: string, body: unknown) => {
        const answer = await handler.fn(typeof body === "string" ? body : JSON.stringify(body));
        return [answer.statusCode, answer.response, { "Content-Type": answer.contentType ?? "text/plain" }];
      });
  serve("https://authority.example", services.fulcioHandler(authority));
  serve("https://log.example", services.rekorHandler(log));
  serve("https://stamps.example", services.tsaHandler(stamps));
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ sub: SUBJECT, iss: ISSUER, aud: "sigstore" })}.x`;
  const options = (entryType?: string) => ({
    signer: new client.FulcioSigner({
      fulcioBaseURL: "https://authority.example",
      identityProvider: { getToken: async () => token },
    }),
    witnesses: [
      new client.RekorWitness({ rekorBaseURL: "https://log.example", entryType }),
      new client.TSAWitness({ tsaBaseURL: "https://stamps.example" }),
    ],
  });
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "file", digest: { sha256: createHash("sha256").update(file).digest("hex") } }],
    predicateType: "https://example.com/predicate",
    predicate: {},
  };
  try {
    const signed = await new client.MessageSignatureBundleBuilder(options()).create({ data: file });
    const attested = await new client.DSSEBundleBuilder(options("intoto")).create({
      data: Buffer.from(JSON.stringify(statement)),
      type: "application/vnd.in-toto+json",
    });
    const bundles = [signed, attested].map(
      (bundle): Json => JSON.parse(JSON.stringify(bundleToJSON(bundle))),
    );
    return { bundles, root: rootOf({ certificateLog, authority, log, stamps }) };
  } finally {
    nock.cleanAll();
    nock.restore();
  }
}

interface Handler {
  readonly path: string;
  fn(body: string): Promise<{ statusCode: number; response: string | Buffer; contentType?: string }>;
}

interface Services {
  readonly certificateLog: { readonly publicKey: Uint8Array; readonly logID: ArrayBuffer };
  readonly authority: { readonly rootCertificate: Buffer };
  readonly log: { readonly publicKey: Buffer };
  readonly stamps: { readonly intCertificate: Buffer; readonly rootCertificate: Buffer };
}

const base64 = (bytes: Uint8Array | ArrayBuffer): string =>
  Buffer.from(new Uint8Array(bytes)).toString("base64");
const validFor = { start: "2020-01-01T00:00:00Z" };

function rootOf({ certificateLog, authority, log, stamps }: Services): Json {
  const logId = createHash("sha256").update(log.publicKey).digest();
  const logOf = (baseUrl: string, key: Uint8Array, id: Uint8Array | ArrayBuffer): Json => ({
    baseUrl,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(key), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: base64(id) },
  });
  const authorityOf = (uri: string, chain: readonly Buffer[]): Json => ({
    uri,
    certChain: { certificates: chain.map((certificate) => ({ rawBytes: base64(certificate) })) },
    validFor,
  });
  return {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [logOf("https://log.example", log.publicKey, logId)],
    ctlogs: [logOf("https://certificates.example", certificateLog.publicKey, certificateLog.logID)],
    certificateAuthorities: [authorityOf("https://authority.example", [authority.rootCertificate])],
    timestampAuthorities: [
      authorityOf("https://stamps.example", [stamps.intCertificate, stamps.rootCertificate]),
    ],
  };
}
