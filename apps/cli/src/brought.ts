/** Flags for what a person brings along beside an artifact: signatures, keys, lists, and whom they expect. @module */

import { open } from "node:fs/promises";
import { UsageError } from "@sallyport/core";
import type { OpenRequest, TrustStore } from "@sallyport/gate";
import type { Command } from "commander";
import { requireReadableFile } from "./inputs.ts";
import { collected, readText } from "./options.ts";
import { trustWith } from "./trust.ts";

export interface BroughtOptions {
  readonly trust: readonly string[];
  readonly signature: readonly string[];
  readonly key: readonly string[];
  readonly identity?: string;
  readonly issuer?: string;
  readonly release?: string;
  readonly packages?: string;
}

export type BroughtPaths = NonNullable<OpenRequest["brought"]>;

export function addBroughtOptions(command: Command): Command {
  return command
    .option(
      "--trust <file>",
      "trust anchors (PEM or DER) to add, a Sigstore trusted root, or the word system; repeatable",
      collected,
      [],
    )
    .option(
      "--signature <file>",
      "a signature that came beside the file: OpenPGP, minisign, signify, Sigstore bundle, catalog; repeatable",
      collected,
      [],
    )
    .option("--key <file>", "a public key you accept for this file; repeatable", collected, [])
    .option("--identity <text>", "whom a keyless signature must name, exactly; with --issuer")
    .option("--issuer <url>", "who vouches for that identity, exactly")
    .option("--release <file>", "the signed list of the archive a package came from: InRelease or Release")
    .option("--packages <file>", "the index of packages that the release lists");
}

/**
 * Reads what can be read before any work: anchors whole, of the rest only that it is there.
 * @throws UsageError `usage.flag`, `usage.file`, `usage.trust`
 */
export async function readBrought(
  options: BroughtOptions,
): Promise<{ readonly trust: TrustStore; readonly brought: BroughtPaths }> {
  const { signature, key, release, packages } = options;
  for (const path of [...signature, ...key, release, packages])
    if (path !== undefined) await requireReadableFile(path);
  if (packages !== undefined && release === undefined)
    throw new UsageError(
      "usage.flag",
      "--packages needs --release: an index counts only as a release lists it",
    );
  const roots: string[] = [];
  const anchors: string[] = [];
  for (const path of options.trust) ((await isTrustedRoot(path)) ? roots : anchors).push(path);
  const [trustedRoot, second] = roots;
  if (second !== undefined)
    throw new UsageError("usage.flag", `--trust ${second}: one Sigstore trusted root was given already`);
  const identity = readIdentity(options);
  return {
    trust: await trustWith(anchors),
    brought: {
      signatures: signature,
      keys: key,
      ...(identity !== undefined && { identity }),
      ...(release !== undefined && { release }),
      ...(packages !== undefined && { packages }),
      ...(trustedRoot !== undefined && { trustedRoot }),
    },
  };
}

/** An identity means nothing without who vouches for it: anybody can have any name somewhere. */
function readIdentity({ identity, issuer }: BroughtOptions): BroughtPaths["identity"] {
  if (identity === undefined && issuer === undefined) return undefined;
  if (identity === undefined || issuer === undefined)
    throw new UsageError(
      "usage.flag",
      "--identity and --issuer go together: a name counts only with its issuer",
    );
  return { subject: readText("--identity", identity), issuer: readText("--issuer", issuer) };
}

/** Anchors are PEM or DER; a trusted root is JSON. */
async function isTrustedRoot(path: string): Promise<boolean> {
  if (path === "system") return false;
  await requireReadableFile(path);
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString("latin1", 0, bytesRead).trimStart().startsWith("{");
  } finally {
    await file.close();
  }
}
