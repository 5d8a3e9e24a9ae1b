/** A server on loopback that does what a test wants, over HTTP or HTTPS with a certificate of its own authority. @module */

import { once } from "node:events";
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import {
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  makeSigningKey,
  writeExtension,
  writePem,
} from "@sallyport/gate/replica";

export interface TestServer {
  /** `http://127.0.0.1:40000`, with what is asked for behind it. */
  url(path: string): string;
  /** Of each request, in their order. */
  readonly requests: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  close(): Promise<void>;
}

export async function serve(listener: RequestListener, tls?: TestIdentity): Promise<TestServer> {
  const requests: { path: string; headers: Record<string, unknown> }[] = [];
  const counted: RequestListener = (request, response) => {
    requests.push({ path: request.url ?? "", headers: request.headers });
    listener(request, response);
  };
  const server: Server = tls === undefined ? createHttp(counted) : createHttps(tls, counted);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    url: (path) => `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}${path}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface TestIdentity {
  readonly key: string;
  readonly cert: string;
  /** PEM of the authority. */
  readonly authority: string;
}

const DAY_MILLISECONDS = 24 * 60 * 60_000;

/** @param host - the only address or name it is for */
export function identityFor(host: string, validForDays = 10): TestIdentity {
  const span = {
    validFrom: new Date(Date.now() - 20 * DAY_MILLISECONDS),
    validUntil: new Date(Date.now() + validForDays * DAY_MILLISECONDS),
  };
  const root = issueRoot({
    subject: { commonName: "Example Authority" },
    key: makeSigningKey("p-256"),
    ...span,
    validUntil: new Date(Date.now() + 99 * DAY_MILLISECONDS),
  });
  const key = makeSigningKey("p-256");
  const leaf = issueCertificate(
    {
      subject: { commonName: host },
      key,
      ...span,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.serverAuthentication],
      extraExtensions: [writeExtension("2.5.29.17", false, alternativeName(host))],
    },
    root,
  );
  return {
    key: key.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    cert: writePem("CERTIFICATE", leaf.certificate),
    authority: writePem("CERTIFICATE", root.certificate),
  };
}

/** GeneralNames with one dNSName or iPAddress. RFC 5280 §4.2.1.6 */
function alternativeName(host: string): Buffer {
  const isAddress = /^[\d.]+$/.test(host);
  const value = isAddress ? Buffer.from(host.split(".").map(Number)) : Buffer.from(host);
  const name = Buffer.concat([Buffer.from([isAddress ? 0x87 : 0x82, value.length]), value]);
  return Buffer.concat([Buffer.from([0x30, name.length]), name]);
}
