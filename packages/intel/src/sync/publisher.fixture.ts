/** A publisher on loopback that answers as a test wants, and what asks it. */

import type { RequestListener } from "node:http";
import { type Fetcher, type FetcherOptions, openFetcher } from "@sallyport/fetch";
import { serve, type TestServer } from "@sallyport/testkit";
import type { IntelSource } from "../source.ts";
import { wordSource } from "./place.fixture.ts";

const LIMITS = {
  idleMilliseconds: 300,
  windowMilliseconds: 600,
  minWindowBytes: 100,
  tries: 2,
  waitMilliseconds: 5,
  milliseconds: 20_000,
};

/** A file of {@link wordSource}. */
export const words = (date: string, ...list: string[]): string => JSON.stringify({ date, words: list });

export class Publisher {
  readonly #fetchers: Fetcher[] = [];
  #server: TestServer | undefined;
  /** What it does with the next requests. */
  answering: RequestListener = (_request, response) => void response.writeHead(404).end();

  static async open(): Promise<Publisher> {
    const publisher = new Publisher();
    publisher.#server = await serve((request, response) => publisher.answering(request, response));
    return publisher;
  }

  get server(): TestServer {
    if (this.#server === undefined) throw new Error("opened first");
    return this.#server;
  }

  /** Answers everything with this. */
  answer(body: string, headers: Readonly<Record<string, string>> = {}): void {
    this.answering = (_request, response) => void response.writeHead(200, headers).end(body);
  }

  /** A source of one file of its. */
  feed(more: Partial<IntelSource> = {}): IntelSource {
    const download = { name: "feed.json", url: this.server.url("/feed.json"), maxBytes: 100_000 };
    return wordSource("feed", { downloads: [download], ...more });
  }

  fetcher(options: Partial<FetcherOptions> = {}): Fetcher {
    const made = openFetcher({ userAgent: "test", allowPrivateNetwork: true, limits: LIMITS, ...options });
    this.#fetchers.push(made);
    return made;
  }

  async close(): Promise<void> {
    for (const fetcher of this.#fetchers) fetcher.close();
    await this.#server?.close();
  }
}
