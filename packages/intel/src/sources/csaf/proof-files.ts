/**
 * What lies beside documents to prove them, by name, and where it is fetched from.
 * Source: OASIS CSAF 2.0, §7.1.15 (links of ROLIE), §7.1.18 (hashes), §7.1.19 (signatures), §7.1.20 (keys).
 * @module
 */

import type { Json } from "@sallyport/core";
import { member, optionalList, optionalText } from "../../reading/index.ts";
import type { Download } from "../../source.ts";

export type HashKind = "sha512" | "sha256";

/** The stronger first: one is enough. */
export const HASHES: readonly HashKind[] = ["sha512", "sha256"];

export const MAX_HASH_BYTES = 64 * 1024;
export const MAX_SIGNATURE_BYTES = 256 * 1024;
export const MAX_KEY_BYTES = 1024 * 1024;
const MAX_KEYS = 20;

/** Where a feed says that they are; what it does not say is looked for under the name that the standard gives it. */
export interface Links {
  readonly signature?: string;
  readonly hash?: { readonly kind: HashKind; readonly url: string };
}

/** @param checked - refuses what is no https address */
export function linksOf(entry: Json, checked: (url: string) => string): Links {
  const urlsOf = (rel: string): readonly string[] =>
    optionalList(entry, "link").flatMap((link) =>
      member(link, "rel") === rel ? (optionalText(link, "href", 2000) ?? []) : [],
    );
  const [signature] = urlsOf("signature");
  const hashes = urlsOf("hash");
  const kind = HASHES.find((one) => hashes.some((url) => url.endsWith(`.${one}`)));
  const hash = hashes.find((url) => url.endsWith(`.${kind}`));
  return {
    ...(signature !== undefined && { signature: checked(signature) }),
    ...(kind !== undefined && hash !== undefined && { hash: { kind, url: checked(hash) } }),
  };
}

export interface ProofPlace {
  readonly links: Links;
  /** Whether the provider says that it proves its documents: then they are looked for without being linked. */
  readonly isExpected: boolean;
  /** Names of the files that are here. */
  readonly here: ReadonlySet<string>;
}

/** @returns what to fetch beside a document; a weaker hash once it is known that there is no stronger one */
export function proofsOf(document: Download, { links, isExpected, here }: ProofPlace): readonly Download[] {
  const { name, url } = document;
  const proofs: Download[] = [];
  const add = (kind: "asc" | HashKind, linked: string | undefined, maxBytes: number): void => {
    if (linked !== undefined) proofs.push({ name: `${name}.${kind}`, url: linked, maxBytes });
    else if (isExpected)
      proofs.push({ name: `${name}.${kind}`, url: `${url}.${kind}`, maxBytes, mayBeAbsent: true });
  };
  add("asc", links.signature, MAX_SIGNATURE_BYTES);
  add(links.hash?.kind ?? "sha512", links.hash?.url, MAX_HASH_BYTES);
  const isWithoutHash = links.hash === undefined && here.has(name) && !here.has(`${name}.sha512`);
  if (isWithoutHash) add("sha256", undefined, MAX_HASH_BYTES);
  return proofs;
}

/** Whether a provider says that hashes and signatures lie beside its documents: §7.2.3. */
export const isProving = (metadata: Json): boolean =>
  member(metadata, "role") === "csaf_trusted_provider" ||
  optionalList(metadata, "public_openpgp_keys").length > 0;

/** @returns the keys that a provider names; each under a name that holds the fingerprint, where one is given */
export function keyDownloads(metadata: Json): readonly Download[] {
  return optionalList(metadata, "public_openpgp_keys")
    .slice(0, MAX_KEYS)
    .flatMap((one) => {
      const text = optionalText(one, "url", 2000) ?? "";
      const url = URL.canParse(text) ? new URL(text) : undefined;
      const fingerprint = optionalText(one, "fingerprint", 200)?.replaceAll(" ", "").toLowerCase() ?? "";
      // What comes over http is anybody's key; without one the documents count as unsigned.
      if (url?.protocol !== "https:" || !/^[0-9a-f]{0,64}$/.test(fingerprint)) return [];
      const name = `${url.host}${url.pathname}${KEY_MARK}${fingerprint}`;
      return [{ name, url: url.href, maxBytes: MAX_KEY_BYTES }];
    });
}

const KEY_MARK = "#openpgp-key=";

/** @returns the fingerprint that the provider gave, `""` where it gave none; undefined when it is no key */
export function fingerprintIn(name: string): string | undefined {
  const at = name.lastIndexOf(KEY_MARK);
  return at === -1 ? undefined : name.slice(at + KEY_MARK.length);
}

/** Whether a file only proves others. */
export const isProofFile = (name: string): boolean =>
  /\.(asc|sha512|sha256)$/i.test(name) || fingerprintIn(name) !== undefined;
