import { editSlices, signImage } from "../edit/mach-o.ts";
import { editFile, mainFile, type Release } from "../release.ts";
import type { Technique } from "../technique.ts";

const listOf = (...names: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${names.map((name) => `<key>${name}</key><true/>`).join("")}</dict></plist>`;

const signedWith = (release: Release, ...names: readonly string[]): Release =>
  editFile(release, mainFile(release, "mach-o"), (file) =>
    editSlices(file, (slice) => signImage(slice, listOf(...names))),
  );

const CLIENT = "com.apple.security.network.client";

export const entitlementAdded: Technique = {
  id: "entitlement-added",
  title: "Entitlements that let foreign libraries in",
  shape: "com.apple.security.cs.disable-library-validation with dyld variables, ATT&CK T1574.006",
  kind: "macos",
  least: "high",
  prepare: (release) => signedWith(release, CLIENT),
  attack: ({ after }) =>
    signedWith(
      after,
      CLIENT,
      "com.apple.security.cs.disable-library-validation",
      "com.apple.security.cs.allow-dyld-environment-variables",
    ),
  twinTitle: "printing allowed",
  twin: ({ after }) => signedWith(after, CLIENT, "com.apple.security.print"),
};
