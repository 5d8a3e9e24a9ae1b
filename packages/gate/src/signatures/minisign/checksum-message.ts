/**
 * The list of digests that OpenBSD signs instead of each file (`SHA256.sig`). Source: signify(1), option -C; cksum(1).
 * @module
 */

const LINE = /^(SHA256|SHA512) \(([^\n]{1,1024})\) = ([0-9a-f]{64}|[0-9a-f]{128})$/;

export interface ListedDigest {
  readonly name: string;
  readonly hex: string;
}

/** The entries of a message that is such a list from its first line to its last; undefined when it is not. */
export function readChecksumMessage(message: Buffer): ListedDigest[] | undefined {
  const entries: ListedDigest[] = [];
  for (const line of message.toString("utf8").split("\n")) {
    if (line === "") continue;
    const [, kind, name, hex] = LINE.exec(line) ?? [];
    if (name === undefined || hex === undefined || hex.length !== (kind === "SHA256" ? 64 : 128))
      return undefined;
    entries.push({ name, hex });
  }
  return entries.length === 0 ? undefined : entries;
}
