/** xmlsec1 signs a manifest, we verify; we sign, xmlsec1 verifies. */

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
import { clickonce } from "./index.ts";
import { signedManifest } from "./manifest.fixture.ts";

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
const MORE = "http://www.w3.org/2001/04/";

async function findXmlsec() {
  const installed = "/usr/bin/xmlsec1";
  if (existsSync(installed)) return { path: installed, env: process.env };
  if (!hasApt()) return undefined;
  return debianProgram("xmlsec1", { file: "usr/bin/xmlsec1", needs: NEEDS }).catch(() => undefined);
}

const xmlsec = await findXmlsec();
if (xmlsec === undefined) console.warn(`skipped: no xmlsec1, and ${NO_APT} or other packages than expected`);

/** By the names that the standard has, instead of those that Microsoft's tools write. */
const standard = (xml: string): string =>
  xml
    .replaceAll("http://www.w3.org/2000/09/xmldsig#rsa-sha256", `${MORE}xmldsig-more#rsa-sha256`)
    .replaceAll("http://www.w3.org/2000/09/xmldsig#sha256", `${MORE}xmlenc#sha256`);

describe.skipIf(xmlsec === undefined)("xmlsec1", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const call = (...parameters: string[]) => run(xmlsec?.path ?? "", parameters, { env: xmlsec?.env });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-manifest-"));
    await writeFile(at("signer.pem"), writePem("CERTIFICATE", signer.certificate));
    await writeFile(at("root.pem"), writePem("CERTIFICATE", root.certificate));
    await writeFile(at("signer.key"), signer.key.privateKey.export({ type: "pkcs8", format: "pem" }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("signs a manifest, and we believe it", async () => {
    const template = standard(signedManifest({ signer, withoutLicense: true }).toString())
      .replace(/<SignatureValue>[^<]*</, "<SignatureValue><")
      .replace(/<DigestValue>[^<]*</, "<DigestValue><")
      .replace(/<KeyValue>.*<\/KeyValue>/s, "")
      .replace(/<X509Data>.*<\/X509Data>/s, "<X509Data><X509Certificate/></X509Data>");
    await writeFile(at("template.xml"), template);
    const keys = ["--privkey-pem", `${at("signer.key")},${at("signer.pem")}`];
    await call("--sign", ...keys, "--output", at("signed.xml"), at("template.xml"));
    const context = verifyContext({ format: "assembly-manifest", trust, now: NOW });
    expect(await clickonce.verify(sourceOf(await readFile(at("signed.xml"))), context)).toMatchObject({
      findings: [],
      signatures: [{ integrity: "pass", trust: "valid-now" }],
    });
  });

  it("believes what we sign", async () => {
    // The names are signed as well: it is signed by the standard's from the beginning.
    const manifest = signedManifest({ signer, withoutLicense: true, names: "standard" });
    await writeFile(at("ours.xml"), manifest);
    const options = ["--trusted-pem", at("root.pem"), "--enabled-key-data", "x509"];
    const { stdout, stderr } = await call("--verify", ...options, at("ours.xml"));
    expect(`${stdout}${stderr}`).toMatch(/OK/);
  });
});
