/**
 * How unusual it is that an update asks for something, and what it means. Names as the systems' own documents give them;
 * what is not here is `low`, because updates do ask for this and that.
 * Sources: Apple, "Entitlements", "Hardened Runtime"; Microsoft Learn, "App capability declarations"; Android,
 * "Permissions on Android", protection levels; Snapcraft, "Super-privileged interfaces"; flatpak, "Sandbox Permissions"; Chrome for
 * Developers, "Permissions list" and "Permission warnings".
 * @module
 */

import type { Risk } from "../trait.ts";
import type { GrantKind } from "./grants.ts";

interface Row {
  readonly kind: GrantKind;
  /** Of what is granted, from its start to its end. */
  readonly pattern: RegExp;
  readonly risk: Risk;
  /** Completes "may now …". */
  readonly power: string;
}

const row = (kind: GrantKind, names: string, risk: Risk, power: string): Row => ({
  kind,
  pattern: new RegExp(`^(?:${names})$`),
  risk,
  power,
});

const ANY = "[^]*";

const ROWS: readonly Row[] = [
  row(
    "apple-code",
    "com\\.apple\\.security\\.cs\\.disable-library-validation",
    "high",
    "load libraries that others signed",
  ),
  row(
    "apple-code",
    "com\\.apple\\.security\\.cs\\.allow-dyld-environment-variables",
    "high",
    "be given libraries through its environment",
  ),
  row(
    "apple-code",
    "com\\.apple\\.security\\.cs\\.disable-executable-page-protection",
    "high",
    "change its own signed code while it runs",
  ),
  row(
    "apple-code",
    "com\\.apple\\.security\\.(?:cs\\.)?debugger|com\\.apple\\.system-task-ports.*|task_for_pid-allow",
    "high",
    "control other processes",
  ),
  row(
    "apple-code",
    "(?:com\\.apple\\.security\\.)?get-task-allow",
    "high",
    "be controlled by any other process",
  ),
  row(
    "apple-code",
    `com\\.apple\\.(?:private|rootless|developer\\.endpoint-security)\\.?${ANY}`,
    "high",
    "do what Apple keeps to itself",
  ),
  row(
    "apple-code",
    `com\\.apple\\.security\\.temporary-exception\\.${ANY}`,
    "medium",
    "leave its sandbox in places",
  ),
  row(
    "apple-code",
    "com\\.apple\\.security\\.cs\\.allow-unsigned-executable-memory",
    "medium",
    "run code that nobody signed",
  ),
  row("apple-code", "com\\.apple\\.security\\.cs\\.allow-jit", "low", "make code while it runs"),
  row(
    "apple-code",
    `com\\.apple\\.security\\.(?:device|personal-information)\\.${ANY}`,
    "medium",
    "reach devices or personal data",
  ),
  row(
    "apple-code",
    `com\\.apple\\.security\\.automation\\.apple-events|com\\.apple\\.security\\.scripting-targets${ANY}`,
    "medium",
    "control other programs by Apple events",
  ),
  row(
    "apple-code",
    `com\\.apple\\.developer\\.(?:system-extension|networking\\.networkextension|driverkit)${ANY}`,
    "medium",
    "bring extensions of the system",
  ),
  row("apple-code", "entitlements in DER alone", "high", "do what stands where this look does not reach"),
  row("apple-bundle", `LSEnvironment\\/DYLD_${ANY}`, "high", "load libraries that its own description names"),
  row("apple-bundle", `LSEnvironment\\/${ANY}`, "medium", "be run with other settings"),
  row(
    "apple-bundle",
    "LSUIElement|LSBackgroundOnly|NSUIElement",
    "medium",
    "run without being seen in the Dock",
  ),
  row("apple-bundle", `SMPrivilegedExecutables${ANY}`, "medium", "install a helper that runs as root"),
  row(
    "apple-bundle",
    "NSAppTransportSecurity\\/NSAllowsArbitraryLoads",
    "low",
    "use unprotected connections",
  ),
  row(
    "apple-bundle",
    "NS(?:Camera|Microphone|SystemAdministration|AppleEvents|Accessibility|SpeechRecognition|ScreenCapture)UsageDescription",
    "medium",
    "ask for camera, microphone, or control of other programs",
  ),
  row(
    "windows-app",
    "allowElevation|localSystemServices|packageManagement|customInstallActions|broadFileSystemAccess|inputInjection(?:Brokered)?|inputObservation|inputForegroundObservation|developmentModeNetwork|deviceUnlock|enterpriseDeviceLockdown|modifiableApp|networkingVpnProvider",
    "high",
    "do what Windows keeps to few",
  ),
  row("windows-app", "service: localSystem", "high", "run a service as the system"),
  row(
    "windows-app",
    `packagedServices|runFullTrust|unvirtualizedResources|service: ${ANY}|extension: windows\\.(?:startupTask|service)`,
    "medium",
    "run outside its container, or at start",
  ),
  row(
    "windows-app",
    "microphone|webcam|location|userAccountInformation|contacts|graphicsCapture\\w*|screenDuplication|appCaptureServices|appDiagnostics|enterpriseAuthentication|sharedUserCertificates",
    "medium",
    "reach devices or personal data",
  ),
  row("windows-program", "uiAccess", "high", "control windows of programs with more rights"),
  row(
    "windows-program",
    "execution level: requireAdministrator",
    "medium",
    "ask for an administrator's rights",
  ),
  row("windows-program", "execution level: highestAvailable", "low", "ask for the most rights there are"),
  row("windows-program", "execution level: asInvoker", "info", "run with the rights of whoever starts it"),
  row(
    "android",
    "android\\.permission\\.(?:BIND_ACCESSIBILITY_SERVICE|BIND_DEVICE_ADMIN|BIND_NOTIFICATION_LISTENER_SERVICE|INSTALL_PACKAGES|DELETE_PACKAGES|REQUEST_INSTALL_PACKAGES|SYSTEM_ALERT_WINDOW|(?:READ|SEND|RECEIVE)_SMS|PROCESS_OUTGOING_CALLS|READ_CALL_LOG|WRITE_SECURE_SETTINGS|READ_LOGS|DUMP)",
    "high",
    "watch or control what other programs do",
  ),
  row(
    "android",
    "android\\.permission\\.(?:CAMERA|RECORD_AUDIO|READ_CONTACTS|GET_ACCOUNTS|ACCESS_(?:FINE|BACKGROUND|COARSE)_LOCATION|QUERY_ALL_PACKAGES|MANAGE_EXTERNAL_STORAGE|READ_PHONE_STATE|READ_PHONE_NUMBERS|PACKAGE_USAGE_STATS|BIND_VPN_SERVICE)",
    "medium",
    "reach devices or personal data",
  ),
  row("snap", "confinement: classic", "high", "leave its sandbox altogether"),
  row("snap", "confinement: devmode", "high", "leave its sandbox altogether"),
  row(
    "snap",
    "snapd-control|docker-support|docker|lxd(?:-support)?|system-files|personal-files|system-observe|kernel-module-(?:control|load)|block-devices|raw-volume|polkit|account-control|shadow|process-control|ssh-keys|gpg-keys|password-manager-service",
    "high",
    "reach what belongs to the system or to others",
  ),
  row(
    "snap",
    "camera|audio-record|home|removable-media|network-(?:control|manager|setup-control)|firewall-control|screen-inhibit-control|daemon",
    "medium",
    "reach devices, files or settings of the person",
  ),
  row(
    "flatpak",
    "filesystems: (?:host(?:-os|-etc)?|home|~|\\/|~\\/\\.ssh|~\\/\\.gnupg|xdg-config|~\\/\\.config|~\\/\\.mozilla)(?:\\/.*)?(?::rw|:create)?",
    "high",
    "read and write the files of the person",
  ),
  row(
    "flatpak",
    "session bus: (?:org\\.freedesktop\\.Flatpak|org\\.freedesktop\\.systemd1|org\\.freedesktop\\.secrets|org\\.gnome\\.keyring|\\*|org\\.\\*|org\\.freedesktop\\.\\*) (?:talk|own)",
    "high",
    "leave its sandbox through the session bus",
  ),
  row("flatpak", `system bus: ${ANY}`, "medium", "talk to services of the system"),
  row(
    "flatpak",
    "devices: (?:all|input)|sockets: (?:session-bus|system-bus|ssh-auth|gpg-agent|pcsc)|features: devel|filesystems: .*",
    "medium",
    "reach devices, files or keys of the person",
  ),
  row(
    "browser-extension",
    "debugger|proxy|nativeMessaging|webRequestBlocking|management|privacy|desktopCapture|runs in pages of every site|every site",
    "high",
    "read and change what the browser does everywhere",
  ),
  row(
    "browser-extension",
    "cookies|history|tabs|scripting|webRequest|declarativeNetRequest(?:WithHostAccess)?|clipboardRead|downloads|browsingData|tabCapture|pageCapture|identity|runs in pages of .*|updates from .*|[a-z*]+:\\/\\/.*",
    "medium",
    "read more of what the browser does",
  ),
];

/** @returns what a gain of it means; `low` for what no row knows */
export function judge(kind: GrantKind, granted: string): { readonly risk: Risk; readonly power: string } {
  const known = ROWS.find((one) => one.kind === kind && one.pattern.test(granted));
  if (known !== undefined) return known;
  return { risk: UNKNOWN[kind] ?? "low", power: "do more than before" };
}

/** Values that name the program and its makers rather than a right. */
const UNKNOWN: Readonly<Partial<Record<GrantKind, Risk>>> = {
  "apple-bundle": "info",
  "windows-program": "info",
};
