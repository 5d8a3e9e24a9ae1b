/** Writes ar archives as decent or as dishonest as a test wants them. @module */

export interface ArPart {
  /** As it stands in the field of 16 bytes. */
  readonly name: string;
  readonly bytes?: Buffer | string;
  /** The size field, when it is to differ from what follows. */
  readonly size?: string;
  readonly padding?: string;
  /** A thin archive's members have a size and no content. */
  readonly isElsewhere?: boolean;
}

export function buildAr(parts: readonly ArPart[], magic = "!<arch>\n"): Buffer {
  const pieces = [Buffer.from(magic, "latin1")];
  for (const { name, bytes = "", size, padding = "\n", isElsewhere } of parts) {
    const content = Buffer.from(bytes);
    const fields = [name.padEnd(16), "0".padEnd(12), "0".padEnd(6), "0".padEnd(6), "100644".padEnd(8)];
    pieces.push(
      Buffer.from(`${fields.join("")}${(size ?? String(content.length)).padEnd(10)}\`\n`, "latin1"),
    );
    if (isElsewhere !== true) pieces.push(content);
    if (isElsewhere !== true && content.length % 2 === 1) pieces.push(Buffer.from(padding, "latin1"));
  }
  return Buffer.concat(pieces);
}
