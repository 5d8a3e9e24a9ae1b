/** Microsoft's list of authorities (authroot.stl). Not yet tried on Microsoft's own: proven on lists that we sign ourselves. @module */

import { createHash, X509Certificate } from "node:crypto";
import type { TrustFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { documentsOf, readBytes } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { DerReader } from "./der.ts";
import { openSignedList } from "./signed-list.ts";
import { type ListedAuthority, readTrustList, type TrustList } from "./trust-list.ts";

const MAX_LIST_BYTES = 16 * 1024 * 1024;
const MAX_CERTIFICATE_BYTES = 256 * 1024;
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
    /\.stl$/i.test(name) || (head[0] === 0x30 && Buffer.from(head).subarray(0, 256).includes(LIST_OID)),
  async *read(files, context) {
    const list = await readList(files, context);
    const certificates = await readCertificates(
      files.filter((file) => !isList(file)),
      context,
    );
    let absent = 0;
    for (const authority of list.authorities) {
      const certificate = certificates.get(authority.sha1);
      if (certificate === undefined) absent += 1;
      else if (isNamed(certificate, authority)) yield toFact(certificate, authority);
      else
        context.skip({
          file: listName(files),
          row: authority.sha1,
          because: "its certificate is not the one whose SHA-256 the list names",
        });
    }
    if (absent > 0)
      context.skip({
        file: listName(files),
        because: `${absent} authorities are named whose certificates did not come along`,
      });
  },
  asOf: async (files, context) => (await readList(files, context)).asOf,
};

const isList = ({ name }: SourceFile): boolean => /\.stl$/i.test(name);
const listName = (files: readonly SourceFile[]): string => files.find(isList)?.name ?? "authroot.stl";

async function readList(files: readonly SourceFile[], context: ReadContext): Promise<TrustList> {
  const [file, second] = files.filter(isList);
  if (file === undefined || second !== undefined)
    throw FeedError.at(files[0]?.name ?? "authroot", "expected one list, a file with the ending .stl");
  const bytes = await readBytes(file, context, MAX_LIST_BYTES);
  const { list } = openSignedList(bytes, context.trustedKeys ?? [], file.name);
  return readTrustList(list, new DerReader(file.name));
}

/** By the SHA-1 of each, which is how the list names them. */
async function readCertificates(
  files: readonly SourceFile[],
  context: ReadContext,
): Promise<ReadonlyMap<string, X509Certificate>> {
  const certificates = new Map<string, X509Certificate>();
  const limits = {
    wants: (name: string) => /\.(crt|cer|pem|der)$/i.test(name),
    maxBytes: MAX_CERTIFICATE_BYTES,
  };
  for (const file of files)
    for await (const { bytes, place } of documentsOf(file, context, limits)) {
      const certificate = certificateOf(bytes);
      if (certificate === undefined)
        context.skip({ file: place, because: "is no certificate that can be read" });
      else certificates.set(createHash("sha1").update(certificate.raw).digest("hex"), certificate);
    }
  return certificates;
}

function certificateOf(bytes: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
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
