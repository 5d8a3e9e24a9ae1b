/** Where clamd listens. @module */

import { UsageError } from "@sallyport/core";

export type ClamdAddress =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/**
 * @param text - a path of a unix socket, `host:port` or `[address]:port`
 * @param from - which flag or variable it came from, for messages
 * @throws UsageError `usage.value`
 */
export function readClamdAddress(text: string, from: string): ClamdAddress {
  const path = text.replace(/^unix:/, "");
  if (/^[/.]/.test(path) && path.length <= 200) return { kind: "socket", path };
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/i.exec(
    text.replace(/^tcp:(?:\/\/)?/, ""),
  );
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535)
    throw new UsageError("usage.value", `${from} ${text}: expected the path of clamd's socket, or host:port`);
  return { kind: "tcp", host: match[1] ?? match[2] ?? "", port };
}

/** As a person reads it. */
export const showClamdAddress = (address: ClamdAddress): string =>
  address.kind === "socket" ? address.path : `${address.host}:${address.port}`;
