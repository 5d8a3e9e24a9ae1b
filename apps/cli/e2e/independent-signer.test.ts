/** Files that another program signed: verified up to a root that is given, admitted for the signer that is named. */

import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import {
  buildPeImage,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  signingKeyNamed,
  writePem,
} from "@sallyport/gate/replica";
import { corpusFile, type DebianProgram, hasApt, NO_APT, NO_CORPUS, osslsigncode } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf } from "./sallyport-process.ts";

const run = promisify(execFile);
const YEARS = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2040-01-01T00:00:00Z") };
const root = issueRoot({
  subject: { commonName: "Test root" },
  key: signingKeyNamed("root", "rsa-2048"),
  ...YEARS,
});
const signer = issueCertificate(
  {
    subject: { commonName: "Test signer", organisation: "Test organisation" },
    key: signingKeyNamed("signer", "rsa-2048"),
    ...YEARS,
    isAuthority: false,
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: [KEY_PURPOSE.codeSigning],
  },
  root,
);

describe.skipIf(!hasApt())(`files that osslsigncode signed (${NO_APT} otherwise)`, () => {
  let program: DebianProgram;
  let place: Place;
  const trusted = () => ["--trust", place.at("root.pem"), "--json"];

  beforeAll(async () => {
    program = await osslsigncode();
    place = await makePlace();
    console.info(`signed by ${program.version}`);
    await writeFile(place.at("root.pem"), writePem("CERTIFICATE", root.certificate));
    await writeFile(place.at("signer.pem"), writePem("CERTIFICATE", signer.certificate, root.certificate));
    await writeFile(place.at("signer.key"), signer.key.privateKey.export({ type: "pkcs8", format: "pem" }));
    await writeFile(
      place.at("plain.exe"),
      buildPeImage({ content: Buffer.alloc(9000, "text "), version: { ProductName: "Demo" } }),
    );
  });
  afterAll(() => place.remove());

  async function sign(input: string, output: string): Promise<string> {
    const identity = ["-certs", place.at("signer.pem"), "-key", place.at("signer.key"), "-h", "sha256"];
    const options = ["sign", ...identity, "-in", input, "-out", place.at(output)];
    await run(program.path, options, { env: program.env });
    return place.at(output);
  }

  const KINDS: readonly [string, () => string | undefined, string][] = [
    ["pe", () => place.at("plain.exe"), "signed.exe"],
    ["msi", () => corpusFile("osslsigncode/unsigned.msi"), "signed.msi"],
    ["cab", () => corpusFile("osslsigncode/unsigned.ex_"), "signed.cab"],
  ];
  it.each(KINDS)(
    "verifies a %s, admits it for its signer, and refuses it once it is changed",
    async (format, input, output) => {
      const file = input();
      if (file === undefined) return console.info(`skipped ${format}: ${NO_CORPUS}`);
      const signed = await sign(file, output);
      const unknown = documentOf(await place.sallyport("check", signed, "--json"));
      expect(policiesOf(unknown)).toEqual(["untrusted-signature"]);
      const seen = documentOf(await place.sallyport("check", signed, ...trusted()));
      expect(seen.artifact).toMatchObject({ format, signers: ["Test signer"] });
      expect(policiesOf(seen)).toEqual(["first-seen-signer"]);
      const accepted = await place.sallyport("check", signed, ...trusted(), "--signer", "Test organisation");
      expect(accepted.code).toBe(0);
      const bytes = await readFile(signed);
      const middle = Math.floor((await readFile(file)).length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      await writeFile(signed, bytes);
      const changed = await place.sallyport("check", signed, ...trusted(), "--signer", "Test organisation");
      expect(documentOf(changed).verdict).toBe("refuse");
      expect(policiesOf(documentOf(changed))).toContain("digest-mismatch");
    },
  );
});
