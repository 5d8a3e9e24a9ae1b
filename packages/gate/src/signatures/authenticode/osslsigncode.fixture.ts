/** osslsigncode at work in a folder of its own, beside the keys of the tests' signer. @module */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DebianProgram } from "@sallyport/testkit";
import { afterAll, beforeAll } from "vitest";
import { writePem } from "../../replica/certificate-authority.ts";
import { root, signer } from "./signing.fixture.ts";

const run = promisify(execFile);

export interface Workshop {
  /** A path in the folder, where `signer.pem`, `signer.key` and `root.pem` lie. */
  at(name: string): string;
  call(...parameters: string[]): Promise<{ readonly stdout: string }>;
  /** The flags that name the signer. */
  keys(): string[];
}

/**
 * For the length of the `describe` it is called in.
 * @param program - or why there is none: then nothing may be called
 */
export function openWorkshop(program: DebianProgram | string): Workshop {
  let folder = "";
  const at = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-osslsigncode-"));
    await writeFile(at("signer.pem"), writePem("CERTIFICATE", signer.certificate, root.certificate));
    await writeFile(at("signer.key"), signer.key.privateKey.export({ type: "pkcs8", format: "pem" }));
    await writeFile(at("root.pem"), writePem("CERTIFICATE", root.certificate));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    at,
    keys: () => ["-certs", at("signer.pem"), "-key", at("signer.key")],
    call: (...parameters) =>
      typeof program === "string"
        ? Promise.reject(new Error(program))
        : run(program.path, parameters, { env: program.env }),
  };
}
