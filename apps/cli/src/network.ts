/** How this machine reaches others. @module */

import type { Fetcher, ProxySettings } from "@sallyport/fetch";
import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

export interface NetworkOptions {
  readonly allowPrivateNetwork?: boolean;
}

export const addNetworkOptions = (command: Command): Command =>
  command.option(
    "--allow-private-network",
    "fetch from private, loopback and link-local addresses as well: servers of your own",
  );

/** Opens connections for as long as `work` takes. */
export async function withFetcher<Result>(
  { allowPrivateNetwork }: NetworkOptions,
  terminal: Terminal,
  work: (fetcher: Fetcher) => Promise<Result>,
): Promise<Result> {
  const { openFetcher } = await import("@sallyport/fetch");
  const fetcher = openFetcher({
    userAgent: `sallyport/${version}`,
    allowPrivateNetwork: allowPrivateNetwork === true,
    ...(terminal.proxy !== undefined && { proxy: terminal.proxy }),
  });
  try {
    return await work(fetcher);
  } finally {
    fetcher.close();
  }
}

/** In capitals or not, as other programs read them. @param environment - the process's own */
export function proxyOf(environment: Readonly<Record<string, string | undefined>>): ProxySettings {
  const either = (name: string) => environment[name] ?? environment[name.toUpperCase()];
  const all = either("all_proxy");
  const https = either("https_proxy") ?? all;
  // HTTP_PROXY in capitals may be a header of a web server's making.
  const http = environment.http_proxy ?? all;
  const except = either("no_proxy");
  return {
    ...(https !== undefined && { https }),
    ...(http !== undefined && { http }),
    ...(except !== undefined && { except }),
  };
}
