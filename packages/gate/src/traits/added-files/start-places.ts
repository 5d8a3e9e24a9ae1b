/**
 * Places whose files an operating system starts or obeys by itself. Sources: cron(8), ld.so(8), sudoers(5), pam.d(5), systemd
 * file-hierarchy(7) and systemd.unit(5), Desktop Application Autostart Specification, launchd.plist(5), udev(7), apt.conf(5);
 * MITRE ATT&CK T1053, T1543, T1546, T1547, T1574.006.
 * @module
 */

export interface StartPlace {
  /** For a sentence: "is run by cron". */
  readonly does: string;
  /** Packages of services have these, and other packages hardly ever gain one. */
  readonly isOrdinary?: true;
}

const PLACES: readonly (readonly [RegExp, StartPlace])[] = [
  [
    /(?:^|\/)usr\/local\/s?bin\/(?:sudo|su|doas|login|passwd|ssh|scp|gpg|git|ls|ps|cat|curl|wget|apt|apt-get|dpkg|rpm|systemctl)$/,
    { does: "is started in place of the system's own program" },
  ],
  [
    /(?:^|\/)etc\/ld\.so\.conf\.d\/[^/]+$/,
    { does: "says where every program looks for its libraries", isOrdinary: true },
  ],
  [
    /(?:^|\/)(?:etc|usr\/share)\/polkit-1\/rules\.d\/[^/]+\.rules$/,
    { does: "decides who may act for another", isOrdinary: true },
  ],
  [/(?:^|\/)etc\/perl\/sitecustomize\.pl$/, { does: "is run at each start of Perl" }],
  [/(?:^|\/)etc\/ld\.so\.preload$/, { does: "is loaded into every program" }],
  [/(?:^|\/)etc\/(?:cron\.[a-z]+|cron\.d)\/[^/]+$|(?:^|\/)var\/spool\/cron\//, { does: "is run by cron" }],
  [
    /(?:^|\/)etc\/(?:profile\.d|bash_completion\.d|zsh|update-motd\.d|X11\/Xsession\.d)\/[^/]+$/,
    { does: "is run at every login" },
  ],
  [/(?:^|\/)etc\/sudoers\.d\/[^/]+$/, { does: "says who may act as root" }],
  [/(?:^|\/)(?:etc|usr\/share)\/xdg\/autostart\/[^/]+\.desktop$/, { does: "is started at every login" }],
  [
    /(?:^|\/)etc\/(?:rc\.local|init\.d\/[^/]+|rc\d\.d\/[^/]+)$/,
    { does: "is started with the system", isOrdinary: true },
  ],
  [/(?:^|\/)lib\/systemd\/system-generators\/[^/]+$/, { does: "is run early at every start of the system" }],
  [
    /(?:^|\/)(?:etc|lib)\/systemd\/(?:system|user)\/[^/]+\.(?:service|timer|path|socket|mount)$/,
    { does: "can be started by systemd", isOrdinary: true },
  ],
  [/(?:^|\/)Library\/LaunchDaemons\/[^/]+\.plist$/, { does: "is started with the system" }],
  [/(?:^|\/)Library\/LaunchAgents\/[^/]+\.plist$/, { does: "is started at every login" }],
  [
    /(?:^|\/)Library\/(?:StartupItems|Security\/SecurityAgentPlugins|QuickLook|Spotlight)\//,
    { does: "is loaded by the system" },
  ],
  [
    /(?:^|\/)(?:etc|lib)\/udev\/rules\.d\/[^/]+$/,
    { does: "is obeyed when a device appears", isOrdinary: true },
  ],
  [/(?:^|\/)etc\/apt\/apt\.conf\.d\/[^/]+$/, { does: "is obeyed by apt", isOrdinary: true }],
  [/(?:^|\/)etc\/(?:pam\.d|security)\/[^/]+$/, { does: "decides who may log in", isOrdinary: true }],
  [
    /(?:^|\/)(?:Start Menu|STARTM~1)\/Programs\/Startup\/[^/]+$|(?:^|\/)StartupFolder\/[^/]+$/i,
    { does: "is started at every login" },
  ],
];

/** @returns undefined for a place where files wait to be opened */
export const startPlaceOf = (path: string): StartPlace | undefined =>
  PLACES.find(([pattern]) => pattern.test(path))?.[1];
