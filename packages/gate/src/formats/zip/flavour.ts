/** Tells the kinds of zip apart by the members each must have. Sources: JAR, OPC (ECMA-376-2), VSIX, PEP 427, APK. @module */

/**
 * Every name an archive of this format may go by. What it holds says which signatures to look for, not its name: a
 * member that makes it look like another kind must not make its signature go unread.
 */
export const ZIP_FORMATS = [
  "zip",
  "apk",
  "appx",
  "appxbundle",
  "crx",
  "jar",
  "jmod",
  "navx",
  "nupkg",
  "vsix",
  "whl",
  "xap",
] as const;

/** @returns `jar`, `apk` and so on; undefined for a plain zip */
export function nameFlavour(names: ReadonlySet<string>): string | undefined {
  if (names.has("AndroidManifest.xml")) return "apk";
  if (names.has("AppxManifest.xml")) return "appx";
  if (names.has("AppxMetadata/AppxBundleManifest.xml")) return "appxbundle";
  if (names.has("extension.vsixmanifest")) return "vsix";
  if (names.has("NavxManifest.xml")) return "navx";
  if (names.has("AppManifest.xaml")) return "xap";
  for (const name of names) {
    if (/^[^/]+\.nuspec$/i.test(name)) return "nupkg";
    if (/^[^/]+\.dist-info\/WHEEL$/.test(name)) return "whl";
  }
  return names.has("META-INF/MANIFEST.MF") ? "jar" : undefined;
}
