/** Tar archives for tests. Source: POSIX.1-2017 pax, "ustar Interchange Format". @module */

/** 2026-01-02T03:04:05Z. */
const MODIFIED_SECONDS = 1767323045;

/** @param files - name (at most 100 bytes) to content, in their order */
export function buildTar(
  files: Readonly<Record<string, string | Uint8Array>>,
  modifiedSeconds = MODIFIED_SECONDS,
): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
    return [headerOf(name, bytes.length, modifiedSeconds), bytes, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function headerOf(name: string, sizeBytes: number, modifiedSeconds: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
  header.write(name, 0, "utf8");
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(modifiedSeconds, 136, 11);
  header.write("        0", 148, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
