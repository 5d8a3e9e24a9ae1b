/**
 * Which members a package's tools run while they install it, or at each start of an interpreter. Sources: Debian Policy
 * §6; RPM manual, "Scriptlets"; macOS pkgbuild(1); Python `site` module; RubyGems, "Gems with Extensions"; Cargo Book,
 * "Build Scripts"; NuGet and Chocolatey, package scripts; conda, "Link scripts"; snap, "Supported snap hooks"; ALPM .INSTALL;
 * Alpine apk-tools.
 * @module
 */

export type Language = "shell" | "other";

export interface Place {
  /** Same in both releases, whatever the versions in their paths. */
  readonly role: string;
  readonly language: Language;
  /** What happens: "runs while it is installed". */
  readonly does: string;
  /** Coming there is news by itself, whatever the script does. */
  readonly isAlwaysNews?: true;
  /** Packages often gain one, and builds run it where nobody installs. */
  readonly isOrdinary?: true;
}

const INSTALLS = "runs while it is installed or removed";
const STARTS = "runs at each start of Python";

const PLACES: readonly (readonly [RegExp, Omit<Place, "role">])[] = [
  [
    /(?:^|\/)control\.tar[^/]*\/(?:content\/)?(?:\.\/)?(preinst|postinst|prerm|postrm|config)$/,
    { language: "shell", does: INSTALLS },
  ],
  [
    /(?:^|\/)(%(?:pretrans|preuntrans|preun|pre|postuntrans|postun|posttrans|post|verifyscript|(?:trans)?(?:file)?trigger)(?:-\d+)?)$/,
    { language: "shell", does: INSTALLS },
  ],
  [
    /(?:^|\/)(Scripts\/(?:content\/)*(?:\.\/)?(?:pre|post)(?:install|upgrade|flight))$/,
    { language: "shell", does: INSTALLS },
  ],
  [/(?:^|\/)(meta\/hooks\/[a-z-]+|snap\/hooks\/[a-z-]+)$/, { language: "shell", does: INSTALLS }],
  [
    /(?:^|\/)(\.INSTALL|\.(?:pre|post)-(?:install|deinstall|upgrade)|\+(?:PRE_|POST_)?(?:DE)?INSTALL)$/,
    { language: "shell", does: INSTALLS },
  ],
  [
    /(?:^|\/)((?:bin|Scripts)\/\.[\w.-]+-(?:pre|post)-(?:link|unlink)\.(?:sh|bat))$/,
    { language: "shell", does: INSTALLS },
  ],
  [
    /(?:^|\/)(etc\/conda\/activate\.d\/[\w.-]+)$/,
    { language: "shell", does: "runs whenever the environment is entered" },
  ],
  [
    /(?:^|\/)(tools\/(?:install|uninstall|init|chocolatey\w{1,40})\.ps1)$/i,
    { language: "other", does: INSTALLS },
  ],
  [/(?:^|\/)((?:site|user)customize\.py)$/, { language: "other", does: STARTS, isAlwaysNews: true }],
  [/(?:^|\/)([\w.-]{1,100}\.pth)$/, { language: "other", does: STARTS }],
  [/(?:^|\/)(setup\.py)$/, { language: "other", does: "runs while it is built or installed" }],
  [
    /(?:^|\/)(ext\/[^/]+\/extconf\.rb|extconf\.rb|ext\/Rakefile)$/,
    { language: "other", does: "runs while it is installed", isAlwaysNews: true },
  ],
  [/(?:^|\/)(build\.rs)$/, { language: "other", does: "runs while it is built", isOrdinary: true }],
  [
    /(?:^|\/)(binding\.gyp)$/,
    { language: "other", does: "has npm build it while it is installed", isAlwaysNews: true },
  ],
];

/** Tests and examples of a package are run by nobody who installs it. */
const ASIDE = /(?:^|\/)(?:tests?|examples?|fixtures?|docs?|benches|benchmarks?|__tests__)\//i;

/** @returns undefined when nothing runs the member by its name */
export function placeOf(path: string): Place | undefined {
  if (ASIDE.test(path)) return undefined;
  for (const [pattern, place] of PLACES) {
    const role = pattern.exec(path)?.[1];
    if (role !== undefined) return { ...place, role: role.replaceAll(/\/(?:content\/)*(?:\.\/)?/g, "/") };
  }
  return undefined;
}
