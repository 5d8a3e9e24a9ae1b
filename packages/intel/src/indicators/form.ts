/** What an indicator is, told by how it is written, where no other field says it. @module */

import { isIP } from "node:net";
import type { ObservableKind } from "@sallyport/core";
import { refang } from "./refang.ts";

const DIGESTS: Readonly<Record<number, ObservableKind>> = { 32: "md5", 40: "sha1", 64: "sha256" };
/** Names of files, which look like domains and are under no top-level domain. */
const FILE_NAME =
  /\.(?:exe|dll|msi|sys|bin|dat|tmp|vbs|bat|jar|docx?|xlsx?|pdf|png|jpe?g|txt|csv|json|xml|html?|php|ico|dmg|pkg|dylib)$/i;

/** @returns the kind of a value, by how it is written; undefined for what may be anything */
export function formOf(written: string): ObservableKind | undefined {
  if (/^[0-9a-f]+$/i.test(written)) return DIGESTS[written.length];
  // Digests of files are not written with colons; numbers and fingerprints of certificates are.
  if (/^(?:[0-9a-f]{2}:){3,}[0-9a-f]{2}$/i.test(written))
    return written.length === 32 * 3 - 1 ? "certificate-sha256" : "certificate-serial";
  const plain = refang(written);
  if (isIP(plain.replace(/\/(?:32|128)$/, "")) !== 0) return "ip-address";
  if (/^(?:https?|ftps?):\/\//i.test(plain)) return "url";
  if (/^[\w.-]+\.[a-z0-9-]{2,63}(?::\d+)?\/\S*$/i.test(plain)) return "url";
  return /^(?:\*\.)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.(?:\p{L}{2,63}|xn--[a-z0-9-]+)\.?$/u.test(plain) &&
    !FILE_NAME.test(plain)
    ? "domain"
    : undefined;
}
