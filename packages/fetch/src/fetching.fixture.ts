/** Servers and fetchers of one test, closed after it, and a folder of its own. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve, type TestIdentity, type TestServer } from "@sallyport/testkit";
import { type Fetched, type Fetcher, type FetcherOptions, type FetchRequest, openFetcher } from "./fetch.ts";

export const BODY: Buffer = Buffer.from("what the server has ".repeat(2000));
export const QUICK = {
  milliseconds: 20_000,
  idleMilliseconds: 400,
  windowMilliseconds: 1000,
  minWindowBytes: 100,
  tries: 2,
  waitMilliseconds: 5,
};

export class FetchPlace {
  readonly folder: string = mkdtempSync(join(tmpdir(), "fetch-"));
  readonly file: string = join(this.folder, "file");
  readonly #servers: TestServer[] = [];
  readonly #fetchers: Fetcher[] = [];

  async serving(listener: RequestListener, tls?: TestIdentity): Promise<TestServer> {
    const server = await serve(listener, tls);
    this.#servers.push(server);
    return server;
  }

  /** Everything may be fetched, and nothing takes long. */
  fetching(
    url: string,
    more: Partial<FetchRequest> = {},
    options: Partial<FetcherOptions> = {},
  ): Promise<Fetched> {
    const fetcher = openFetcher({ userAgent: "test", allowPrivateNetwork: true, limits: QUICK, ...options });
    this.#fetchers.push(fetcher);
    return fetcher.fetch({ url, path: this.file, maxBytes: 1_000_000, ...more });
  }

  written(): Buffer {
    return readFileSync(this.file);
  }

  async close(): Promise<void> {
    for (const fetcher of this.#fetchers) fetcher.close();
    await Promise.all(this.#servers.map((server) => server.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
