/** Keys and certificates that a publisher gives out: shown with where they are from, and trusted only where somebody says so. @module */

import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import type { TrustFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { decodeText, documentsOf } from "../../reading/index.ts";
import type { IntelSource } from "../../source.ts";
import { type Block, blocksOf } from "./blocks.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const KEY_FILE = /\.(pem|crt|cer|asc|gpg|pub|key|keys|txt)$/i;

export const trustedKeys: IntelSource = {
  id: "trusted-keys",
  title: "Keys that publishers give out",
  answers: ["trust"],
  document: "RFC 7468; RFC 5280; RFC 9580 6.2",
  licence: "facts",
  authority: "supplier",
  staleAfterDays: 365,
  onBadRow: "reject",
  recognises(_name, head) {
    const text = Buffer.from(head).toString("latin1");
    return /-----BEGIN (CERTIFICATE|PUBLIC KEY|PGP PUBLIC KEY BLOCK)-----/.test(text);
  },
  async *read(files, context) {
    for (const file of files) {
      let read = 0;
      const limits = { wants: (name: string) => KEY_FILE.test(name), maxBytes: MAX_BYTES };
      for await (const { place, bytes } of documentsOf(file, context, limits))
        for (const block of blocksOf(decodeText(bytes, place), place)) {
          yield readBlock(block, place);
          read += 1;
        }
      if (read === 0) throw FeedError.at(file.name, "holds no key or certificate in PEM or OpenPGP armour");
    }
  },
};

/** One that cannot be read, and none of the file counts: half of a publisher's keys would be another set. */
function readBlock({ label, text, line }: Block, place: string): TrustFact {
  const at = `${place}:${line}`;
  if (label.includes("PRIVATE"))
    throw FeedError.at(at, "is a private key: keep it, and hand in the public one");
  const form = label === "CERTIFICATE" ? "certificate" : "public-key";
  if (!["CERTIFICATE", "PUBLIC KEY", "PGP PUBLIC KEY BLOCK"].includes(label))
    throw FeedError.at(at, `a ${label} is no key that is read here`);
  return {
    kind: "trust",
    form,
    name: nameOf(label, text, at),
    sha256: createHash("sha256").update(text).digest("hex"),
    text,
    purposes: [],
  };
}

function nameOf(label: string, text: string, at: string): string {
  try {
    if (label === "CERTIFICATE")
      return new X509Certificate(text).subject.replaceAll("\n", ", ").slice(0, 500);
    if (label === "PUBLIC KEY") return `${createPublicKey(text).asymmetricKeyType ?? "public"} key`;
    return "OpenPGP key";
  } catch (cause) {
    throw new FeedError("feed.malformed", `${at}: is no ${label.toLowerCase()} that can be read`, { cause });
  }
}
