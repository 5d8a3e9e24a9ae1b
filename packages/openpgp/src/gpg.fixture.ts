/** GnuPG as an independent signer: keys and signatures made in a home of its own, gone afterwards. @module */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const NO_GPG = "gpg is not installed here";

export const hasGpg = (): boolean => spawnSync("gpg", ["--version"]).status === 0;

export class GpgHome {
  /** Short: the agent's socket lies in it. */
  readonly folder = mkdtempSync(join(tmpdir(), "gpg-"));

  /**
   * @param time - when GnuPG believes it is: `20240101T000000`
   * @returns what it wrote
   */
  run(args: readonly string[], options: { input?: Buffer | string; time?: string } = {}): Buffer {
    const time = options.time === undefined ? [] : ["--faked-system-time", `${options.time}!`];
    return execFileSync(
      "gpg",
      [
        "--homedir",
        this.folder,
        "--batch",
        "--quiet",
        "--no-tty",
        "--yes",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        "",
        "--allow-weak-digest-algos",
        "--allow-weak-key-signatures",
        ...time,
        ...args,
      ],
      { input: options.input ?? "", stdio: ["pipe", "pipe", "pipe"], maxBuffer: 64 << 20 },
    );
  }

  /** Makes a key. @returns its fingerprint, upper-case hex */
  generate(
    userId: string,
    options: { algorithm?: string; usage?: string; expires?: string; time?: string } = {},
  ): string {
    const { algorithm = "ed25519", usage = "sign,cert", expires = "never", time } = options;
    this.run(["--quick-generate-key", userId, algorithm, usage, expires], time === undefined ? {} : { time });
    return this.fingerprint(userId);
  }

  fingerprint(userId: string): string {
    const listing = this.run(["--with-colons", "--list-keys", `=${userId}`]).toString();
    return /^fpr:+([0-9A-F]+):/m.exec(listing)?.[1] ?? "";
  }

  export(fingerprint: string, ...options: readonly string[]): Buffer {
    return this.run([...options, "--export", fingerprint]);
  }

  sign(
    document: Buffer | string,
    options: { by?: string; time?: string; kind?: string; more?: readonly string[] } = {},
  ): Buffer {
    const { by, time, kind = "--detach-sign", more = [] } = options;
    const signer = by === undefined ? [] : ["--local-user", by];
    return this.run([...signer, ...more, kind], { input: document, ...(time === undefined ? {} : { time }) });
  }

  /** Ends the agent and takes the folder away. */
  close(): void {
    spawnSync("gpgconf", ["--homedir", this.folder, "--kill", "all"]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
