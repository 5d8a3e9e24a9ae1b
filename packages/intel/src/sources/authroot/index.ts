/** Microsoft's list of authorities (authroot.stl). Not yet tried on Microsoft's own: proven on lists that we sign ourselves. @module */

import { createHash, X509Certificate } from "node:crypto";
import type { TrustFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { documentsOf } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { entriesInHead } from "../../witnesses/archive-head.ts";
import { DerReader } from "./der.ts";
import { openSignedList } from "./signed-list.ts";
import { type ListedAuthority, readTrustList, type TrustList } from "./trust-list.ts";

const MAX_LIST_BYTES = 16 * 1024 * 1024;
const WANTED = /\.(stl|crt|cer|pem|der)$/i;
const NO_CERTIFICATE = "is no certificate that can be read";
/** 1.3.6.1.4.1.311.10.1 in DER. */
const LIST_OID = Buffer.from("2b0601040182370a01", "hex");

export const authroot: IntelSource = {
  id: "authroot",
  title: "Microsoft root programme",
  answers: ["trust"],
  document: "[MS-CAESO] 4.4.5.2; RFC 2315",
  licence: "facts; Microsoft's terms for the files",
  authority: "public",
  staleAfterDays: 180,
  onBadRow: "skip",
  recognises: (name, head) =>
    /\.stl$/i.test(name) ||
    (head[0] === 0x30 && Buffer.from(head).subarray(0, 256).includes(LIST_OID)) ||
    entriesInHead(head).some((entry) => /(^|\/)authroot\.stl$/i.test(entry.name)),
  async *read(files, context) {
    const { place, list, certificates } = await readBrought(files, context);
    let absent = 0;
    for (const authority of list.authorities) {
      const certificate = certificates.get(authority.sha1);
      if (certificate === undefined) absent += 1;
      else if (isNamed(certificate, authority)) yield toFact(certificate, authority);
      else {
        const because = "its certificate is not the one whose SHA-256 the list names";
        context.skip({ file: place, row: authority.sha1, because });
      }
    }
    const because = `${absent} authorities are named whose certificates did not come along`;
    if (absent > 0) context.skip({ file: place, because });
  },
  asOf: async (files, context) => (await readBrought(files, { ...context, skip: () => undefined })).list.asOf,
};

interface Brought {
  /** Of the list, for messages. */
  readonly place: string;
  readonly list: TrustList;
  /** By the SHA-1 of each, which is how the list names them. */
  readonly certificates: ReadonlyMap<string, X509Certificate>;
}

/** One list, and certificates beside it: as files, or in an archive or a folder. */
async function readBrought(files: readonly SourceFile[], context: ReadContext): Promise<Brought> {
  const certificates = new Map<string, X509Certificate>();
  let found: { readonly place: string; readonly list: TrustList } | undefined;
  const limits = { wants: (name: string) => WANTED.test(name), maxBytes: MAX_LIST_BYTES };
  for (const file of files)
    for await (const { name, bytes, place } of documentsOf(file, context, limits))
      if (/\.stl$/i.test(name)) {
        if (found !== undefined) throw FeedError.at(place, "is a second list beside another");
        found = { place, list: readList(bytes, context, place) };
      } else
        addCertificate(certificates, bytes, () => context.skip({ file: place, because: NO_CERTIFICATE }));
  if (found === undefined)
    throw FeedError.at(files[0]?.name ?? "authroot", "expected a list, a file with the ending .stl");
  return { ...found, certificates };
}

function readList(bytes: Uint8Array, { trustedKeys = [] }: ReadContext, place: string): TrustList {
  const { list } = openSignedList(Buffer.from(bytes), trustedKeys, place);
  return readTrustList(list, new DerReader(place));
}

function addCertificate(to: Map<string, X509Certificate>, bytes: Uint8Array, tell: () => void): void {
  try {
    const certificate = new X509Certificate(bytes);
    to.set(createHash("sha1").update(certificate.raw).digest("hex"), certificate);
  } catch {
    tell();
  }
}

/** SHA-1 can be forged; where the list names the SHA-256 as well, that decides. */
const isNamed = ({ raw }: X509Certificate, { sha256 }: ListedAuthority): boolean =>
  sha256 === undefined || createHash("sha256").update(raw).digest("hex") === sha256;

function toFact(
  certificate: X509Certificate,
  { name, purposes, distrustedFrom }: ListedAuthority,
): TrustFact {
  const text = certificate.toString();
  return {
    kind: "trust",
    form: "certificate",
    name: name ?? certificate.subject.replaceAll("\n", ", ").slice(0, 500),
    sha256: createHash("sha256").update(text).digest("hex"),
    text,
    purposes,
    ...(distrustedFrom !== undefined && { distrustedFrom }),
  };
}
