/** A list as people keep them. @module */

export const sample: Readonly<Record<string, Uint8Array>> = {
  "bad-things.txt": Buffer.from(
    [
      "# indicators: , Example report",
      "evil[.]example",
      `${"ab12".repeat(16)}  loader.exe`,
      "hxxps://files[.]evil[.]example/a.php",
      "",
    ].join("\n"),
  ),
};
