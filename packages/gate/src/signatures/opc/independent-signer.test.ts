/** xmlsec1 signs a package's list of parts, we verify; we sign, xmlsec1 verifies. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram, hasApt, NO_APT, sourceOf, verifyContext } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePem } from "../../replica/certificate-authority.ts";
import { NOW, root, signer, trust } from "../authenticode/signing.fixture.ts";
import { opc } from "./index.ts";
import { type Digest, signatureXml, withSignature } from "./package.fixture.ts";

const run = promisify(execFile);
const NEEDS = [
  "libxmlsec1",
  "libxmlsec1-openssl",
  "libxml2",
  "libxslt1.1",
  "libssl3",
  "libicu72",
  "zlib1g",
  "liblzma5",
];

async function findXmlsec() {
  const installed = "/usr/bin/xmlsec1";
  if (existsSync(installed)) return { path: installed, env: process.env };
  if (!hasApt()) return undefined;
  return debianProgram("xmlsec1", { file: "usr/bin/xmlsec1", needs: NEEDS }).catch(() => undefined);
}

const xmlsec = await findXmlsec();
if (xmlsec === undefined) console.warn(`skipped: no xmlsec1, and ${NO_APT} or other packages than expected`);

describe.skipIf(xmlsec === undefined)("xmlsec1", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const call = (...parameters: string[]) => run(xmlsec?.path ?? "", parameters, { env: xmlsec?.env });
  const verify = (bytes: Buffer) =>
    opc.verify(sourceOf(bytes), verifyContext({ format: "vsix", trust, now: NOW }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-opc-"));
    await writeFile(at("signer.pem"), writePem("CERTIFICATE", signer.certificate));
    await writeFile(at("root.pem"), writePem("CERTIFICATE", root.certificate));
    await writeFile(at("signer.key"), signer.key.privateKey.export({ type: "pkcs8", format: "pem" }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each<Digest>(["sha256", "sha512"])("signs with %s, and we believe it", async (digest) => {
    // Its template: a signature without value, digest of the list and certificate.
    const template = signatureXml({ signer, digest })
      .replace(/<SignatureValue>[^<]*</, "<SignatureValue><")
      .replace(/(<SignedInfo>.*?<DigestValue>)[^<]*</s, "$1<")
      .replace(/<X509Data>.*<\/X509Data>/s, "<X509Data><X509Certificate/></X509Data>");
    await writeFile(at("template.xml"), template);
    const keys = ["--privkey-pem", `${at("signer.key")},${at("signer.pem")}`, "--id-attr:Id", "Object"];
    await call("--sign", "--ignore-manifests", ...keys, "--output", at("signed.xml"), at("template.xml"));
    const signed = withSignature((await readFile(at("signed.xml"))).toString());
    expect(await verify(signed)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now", digestAlgorithm: digest }],
    });
  });

  it("believes what we sign", async () => {
    await writeFile(at("ours.xml"), signatureXml({ signer }));
    const options = ["--trusted-pem", at("root.pem"), "--id-attr:Id", "Object", "--enabled-key-data", "x509"];
    const { stdout, stderr } = await call("--verify", "--ignore-manifests", ...options, at("ours.xml"));
    expect(`${stdout}${stderr}`).toMatch(/OK/);
  });
});
