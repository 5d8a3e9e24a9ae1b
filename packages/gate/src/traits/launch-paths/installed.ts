/** Files that a package puts where systems start programs from. @module */

import type { CompareContext, Difference, Risk } from "../trait.ts";

interface Folder {
  readonly title: string;
  /** Of the path inside the package, which may have folders in front. */
  readonly path: RegExp;
  /** For a package that had none there. */
  readonly risk: Risk;
}

/** Services are what many packages are for; the others start something that nobody asked for. */
const FOLDERS: readonly Folder[] = [
  { title: "cron", path: /(?:^|\/)(?:etc\/cron(?:\.[a-z]+|tab)|var\/spool\/cron)(?:\/|$)/, risk: "medium" },
  {
    title: "the profile of every shell",
    path: /(?:^|\/)etc\/(?:profile\.d|bash\.bashrc|zsh)(?:\/|$)/,
    risk: "medium",
  },
  {
    title: "what runs at boot",
    path: /(?:^|\/)etc\/(?:rc\.local|rc[0-9S]\.d|init\.d)(?:\/|$)/,
    risk: "medium",
  },
  { title: "ld.so.preload", path: /(?:^|\/)etc\/ld\.so\.preload$/, risk: "high" },
  { title: "rules of udev", path: /(?:^|\/)(?:etc|lib)\/udev\/rules\.d\//, risk: "low" },
  { title: "autostart", path: /(?:^|\/)(?:etc\/xdg|\.config)\/autostart\//, risk: "medium" },
  {
    title: "units of systemd",
    path: /(?:^|\/)systemd\/(?:system|user)\/.*\.(?:service|timer|path|socket)$/,
    risk: "low",
  },
  { title: "LaunchDaemons", path: /(?:^|\/)Library\/LaunchDaemons\//, risk: "high" },
  { title: "LaunchAgents", path: /(?:^|\/)Library\/LaunchAgents\//, risk: "high" },
  { title: "scripts for the message of the day", path: /(?:^|\/)etc\/update-motd\.d\//, risk: "high" },
  { title: "the Startup folder", path: /(?:^|\/)Start Menu\/Programs\/Startup\//i, risk: "high" },
];

export function* compareInstalled({
  before,
  after,
  pairs,
}: CompareContext): Generator<Difference & { readonly path: string }> {
  // A member of its own, or the whole artifact: its name says nothing.
  if (after.members.length < 2 || before.members.length < 2) return;
  for (const pair of pairs) {
    const path = pair.after?.member.path;
    if (path === undefined || pair.before !== undefined) continue;
    const folder = FOLDERS.find((one) => one.path.test(path));
    if (folder === undefined) continue;
    const hadSome = before.members.some(({ member }) => folder.path.test(member.path));
    yield {
      path,
      rule: "installed-into-place",
      risk: hadSome ? "info" : folder.risk,
      because: `is installed into ${folder.title}${hadSome ? "" : ", where the release before put nothing"}`,
    };
  }
}
