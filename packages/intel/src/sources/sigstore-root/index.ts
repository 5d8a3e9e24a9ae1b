/** Sigstore's trusted root: whose certificates and logs its bundles lead to. @module */

import { createHash } from "node:crypto";
import type { Json } from "@sallyport/core";
import { FeedError } from "../../feed-error.ts";
import {
  decodeText,
  member,
  memberAt,
  optionalText,
  parseJson,
  readBytes,
  refuse,
  requiredList,
  requiredText,
  rowOrThrow,
} from "../../reading/index.ts";
import type { IntelSource } from "../../source.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.trustedroot(\.v0\.\d+)?\+json/;

export const sigstoreRoot: IntelSource = {
  id: "sigstore-root",
  title: "Sigstore trusted root",
  answers: ["trust"],
  document: "sigstore/protobuf-specs, sigstore_trustroot.proto, TrustedRoot",
  licence: "Apache-2.0",
  authority: "public",
  staleAfterDays: 180,
  onBadRow: "reject",
  downloads: [
    {
      name: "trusted_root.json",
      url: "https://raw.githubusercontent.com/sigstore/root-signing/main/targets/trusted_root.json",
      maxBytes: MAX_BYTES,
    },
  ],
  recognises: (name, head) =>
    /(^|[/\\])trusted_root\.json$/i.test(name) ||
    Buffer.from(head).toString("latin1").includes("vnd.dev.sigstore.trustedroot"),
  async *read(files, context) {
    for (const file of files) {
      const bytes = await readBytes(file, context, MAX_BYTES);
      const root = parseJson(bytes, file.name);
      rowOrThrow({ file: file.name }, () => requireRoot(root));
      yield {
        kind: "trust",
        form: "sigstore-root",
        name: nameOf(root),
        sha256: createHash("sha256").update(bytes).digest("hex"),
        text: decodeText(bytes, file.name),
        purposes: ["code-signing", "timestamping"],
      };
    }
    if (files.length === 0) throw FeedError.at("sigstore-root", "no file was given");
  },
};

/** @throws FeedError naming what is missing: a root that vouches for nobody is none */
function requireRoot(root: Json): void {
  if (!MEDIA_TYPE.test(requiredText(root, "mediaType"))) refuse("mediaType", "is not that of a trusted root");
  const authorities = requiredList(root, "certificateAuthorities");
  if (authorities.length === 0) refuse("certificateAuthorities", "is empty");
  for (const authority of authorities) {
    const certificates = requiredList(member(authority, "certChain"), "certificates");
    if (certificates.length === 0) refuse("certificates", "is empty");
    for (const certificate of certificates) requireBase64(certificate);
  }
  const logs = requiredList(root, "tlogs");
  if (logs.length === 0) refuse("tlogs", "is empty");
  for (const log of logs) requireBase64(member(log, "publicKey") ?? null);
}

function requireBase64(from: Json): void {
  const text = requiredText(from, "rawBytes", 64 * 1024);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) refuse("rawBytes", "is no base64");
}

const nameOf = (root: Json): string => {
  const [first = null] = requiredList(root, "certificateAuthorities");
  return optionalText(memberAt(first, "subject"), "organization") ?? optionalText(first, "uri") ?? "Sigstore";
};
