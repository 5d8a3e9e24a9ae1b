/**
 * Where an installer's script puts a file. A script may write wherever it likes: into the system's folders, beside
 * its own, to a drive. That is its business and no trick of an archive, so that such places are shown in a form that
 * no longer looks like climbing.
 * @module
 */

/** Longer than any path on any system. */
const LONGEST_CHARACTERS = 4096;

/** @param text - as the script says it: `$INSTDIR\..\x.dll`, `{app}\x.dll`, `C:\x` */
export function installerPath(text: string): string {
  const parts = text
    .slice(0, LONGEST_CHARACTERS)
    .split(/[\\/]/)
    .filter((part) => part !== "" && part !== ".");
  const shown = parts.map((part) => (part === ".." ? "(up)" : part.replaceAll(":", "_")));
  return shown.join("/");
}
