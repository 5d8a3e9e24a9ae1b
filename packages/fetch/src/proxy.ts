/**
 * Proxies as the environment names them; the apps hand the variables in.
 * Source: curl(1), "ENVIRONMENT"; the variables have no other standard.
 * @module
 */

import { FetchError } from "./fetch-error.ts";

export interface ProxySettings {
  /** For `https:`, as `http://proxy.example:3128`. */
  readonly https?: string;
  /** For `http:`. */
  readonly http?: string;
  /** Hosts that are asked without one: `internal.example,.corp.example`, or `*`. */
  readonly except?: string;
}

/** @returns the proxy to ask, undefined when there is none for this address @throws FetchError `fetch.url` for one that is none */
export function proxyFor(url: URL, settings: ProxySettings | undefined): string | undefined {
  const proxy = url.protocol === "https:" ? settings?.https : settings?.http;
  if (proxy === undefined || proxy === "" || isExcepted(url, settings?.except ?? "")) return undefined;
  const parsed = URL.canParse(proxy) ? new URL(proxy) : undefined;
  // Never shown: it may hold a password.
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:")
    throw new FetchError("fetch.url", "the proxy in the environment is no http address; mend or unset it");
  return proxy;
}

function isExcepted({ hostname, port, protocol }: URL, except: string): boolean {
  const host = hostname.toLowerCase();
  const actualPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return except
    .split(/[\s,]+/)
    .filter((rule) => rule !== "")
    .some((rule) => {
      if (rule === "*") return true;
      const [, name = "", rulePort] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? [];
      if (rulePort !== undefined && rulePort !== actualPort) return false;
      const suffix = name.replace(/^\*?\./, "");
      return suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`));
    });
}
