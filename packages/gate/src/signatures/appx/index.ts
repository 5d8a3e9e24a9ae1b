/**
 * App packages and bundles: who signed one, does the signature cover all of it, and do archive, block map and manifest
 * tell the same story?
 * Sources: Microsoft Learn, "Package structure of MSIX", "App package block map schema"; Authenticode as elsewhere.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import {
  guardFindings,
  integrityFinding,
  NO_SIGNATURE,
  verifyInZip,
} from "../../code-signing/zip-package.ts";
import type { Finding } from "../../finding.ts";
import { ZIP_FORMATS } from "../../formats/zip/flavour.ts";
import type { ZipEntry, ZipLookup } from "../../formats/zip/lookup.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { verifyCarried } from "../authenticode/carried.ts";
import { readSignatures } from "../authenticode/signature.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { judgeBlockMap } from "./block-map.ts";
import { isPackage, judgeBundle } from "./bundle.ts";
import { openPackage } from "./carrier.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { NAMES } from "./names.ts";
import { isPublisher } from "./publisher.ts";

export const appx: SignatureScheme = {
  id: "appx",
  question: "Who signed this app package, and does the signature cover all of it?",
  document: "Microsoft Learn, Package structure of MSIX; App package block map schema",
  formats: ZIP_FORMATS,
  verify,
};

const OWN = ["appx", "appxbundle"];
const MARKS: readonly string[] = [NAMES.signature, NAMES.blockMap];

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  return verifyInZip(source, context, {
    scheme: "appx",
    own: OWN,
    verify: async (zip) => {
      // What neither is signed nor has a map is a folder that somebody packed; Windows does not install it.
      if (!zip.entries.some(({ name }) => MARKS.includes(name))) return NO_SIGNATURE;
      const { signatures, findings } = await verifySignature(source, zip, context);
      return { signatures, findings: [...findings, ...(await judgeContent(source, zip, context))] };
    },
  });
}

async function verifySignature(
  source: ByteSource,
  zip: ZipLookup,
  context: VerifyContext,
): Promise<Verification> {
  const signers: Certificate[] = [];
  const open = async () => {
    const signature = zip.find(NAMES.signature);
    if (signature === undefined) return undefined;
    const carrier = await openPackage(source, { zip, signature }, context);
    for (const { signer } of readSignatures(carrier.blobs).signatures)
      if (signer !== undefined) signers.push(signer);
    return carrier;
  };
  const carried = await verifyCarried(open, context, "appx");
  if (signers.length === 0) return carried;
  return { ...carried, findings: [...carried.findings, ...(await judgePublisher(zip, signers))] };
}

/** Windows installs nothing whose publisher is not the signer. */
async function judgePublisher(zip: ZipLookup, signers: readonly Certificate[]): Promise<readonly Finding[]> {
  return guardFindings("integrity", async () => {
    const manifest = await readManifest(zip);
    if (manifest === undefined) return [integrityFinding("fail", "it is signed and has no manifest")];
    return signers.flatMap((signer) => {
      const matches = isPublisher(manifest.publisher, signer);
      if (matches === true) return [];
      const facts = {
        publisher: manifest.publisher.slice(0, 500),
        signer: signer.summary.subject.slice(0, 500),
      };
      if (matches === undefined)
        return [integrityFinding("unknown", "the publisher in its manifest cannot be read as a name", facts)];
      return [
        integrityFinding("fail", "its manifest names another publisher than the one who signed it", facts),
      ];
    });
  });
}

async function judgeContent(
  source: ByteSource,
  zip: ZipLookup,
  { budget }: VerifyContext,
): Promise<readonly Finding[]> {
  return guardFindings("structure", async () => {
    const manifest = await readManifest(zip);
    const bundled = isBundle(manifest) ? await judgeBundle({ source, zip }, manifest, budget) : [];
    const isElsewhere = (entry: ZipEntry) => isBundle(manifest) && isPackage(entry);
    return [...bundled, ...(await judgeBlockMap(zip, isElsewhere, budget))];
  });
}

const isBundle = (manifest: Manifest | undefined): manifest is Manifest => manifest?.isBundle === true;
