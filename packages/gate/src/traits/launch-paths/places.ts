/**
 * Places from which systems start programs by themselves, and what puts a program there.
 * Sources: MITRE ATT&CK TA0003, by the technique of each row; Microsoft, Run and RunOnce Registry Keys, Schtasks;
 * launchd.plist(5), systemd.unit(5), crontab(5), ld.so(8), bash(1); Freedesktop, Desktop Application Autostart.
 * @module
 */

/**
 * - `only`: has hardly any other use than to be started from
 * - `also`: programs speak of it for other reasons as well: shells' profiles, services they talk to
 */
export type PlaceUse = "only" | "also";

export interface Place {
  readonly id: string;
  /** For a sentence: `the Run key of the registry`. */
  readonly title: string;
  readonly system: "Windows" | "macOS" | "Unix" | "browser";
  readonly use: PlaceUse;
  /** MITRE ATT&CK technique. */
  readonly technique: string;
  /** As written; `\` stands for one or two of them. Windows does not mind the case of letters. */
  readonly texts: readonly string[];
}

const row = (
  system: Place["system"],
  use: PlaceUse,
  technique: string,
  [id, title]: readonly [string, string],
  texts: readonly string[],
): Place => ({ id, title, system, use, technique, texts });

export const PLACES: readonly Place[] = [
  row(
    "Windows",
    "only",
    "T1547.001",
    ["run-key", "the Run key of the registry"],
    ["CurrentVersion\\Run", "Policies\\Explorer\\Run"],
  ),
  row(
    "Windows",
    "only",
    "T1547.001",
    ["startup-folder", "the Startup folder"],
    ["Programs\\Startup", "Programs/Startup", "shell:startup"],
  ),
  row(
    "Windows",
    "only",
    "T1547.004",
    ["winlogon", "the Winlogon key of the registry"],
    ["CurrentVersion\\Winlogon"],
  ),
  row(
    "Windows",
    "only",
    "T1546.012",
    ["execution-options", "Image File Execution Options"],
    ["Image File Execution Options", "SilentProcessExit"],
  ),
  row("Windows", "only", "T1546.010", ["app-init", "AppInit_DLLs"], ["AppInit_DLLs"]),
  row(
    "Windows",
    "only",
    "T1547.014",
    ["active-setup", "Active Setup"],
    ["Active Setup\\Installed Components"],
  ),
  row(
    "Windows",
    "only",
    "T1546.003",
    ["wmi-consumer", "WMI event consumers"],
    ["CommandLineEventConsumer", "ActiveScriptEventConsumer"],
  ),
  row(
    "Windows",
    "only",
    "T1037.001",
    ["logon-script", "the logon script of the user"],
    ["UserInitMprLogonScript"],
  ),
  row(
    "Windows",
    "only",
    "T1546.013",
    ["powershell-profile", "PowerShell's profile"],
    ["PowerShell_profile.ps1"],
  ),
  row(
    "Windows",
    "only",
    "T1547.005",
    ["security-packages", "the packages of the local security authority"],
    ["Control\\Lsa\\Security Packages", "Control\\Lsa\\Notification Packages"],
  ),
  row(
    "Windows",
    "also",
    "T1053.005",
    ["scheduled-task", "scheduled tasks"],
    ["schtasks", "Schedule.Service", "Register-ScheduledTask", "System32\\Tasks\\"],
  ),
  row(
    "Windows",
    "also",
    "T1543.003",
    ["service", "Windows services"],
    ["CurrentControlSet\\Services", "sc create", "sc.exe create", "New-Service"],
  ),
  row("Windows", "also", "T1546.015", ["com-server", "registered COM servers"], ["InprocServer32"]),
  row("macOS", "only", "T1543.001", ["launch-agents", "LaunchAgents"], ["LaunchAgents"]),
  row("macOS", "only", "T1543.004", ["launch-daemons", "LaunchDaemons"], ["LaunchDaemons"]),
  row("macOS", "only", "T1037.002", ["login-hook", "login hooks"], ["LoginHook", "/Library/StartupItems"]),
  row("macOS", "only", "T1546.014", ["emond", "rules of the event monitor"], ["/etc/emond.d"]),
  row(
    "macOS",
    "also",
    "T1547.015",
    ["login-items", "login items"],
    ["SMLoginItemSetEnabled", "make login item"],
  ),
  row("macOS", "also", "T1574.006", ["insert-libraries", "DYLD_INSERT_LIBRARIES"], ["DYLD_INSERT_LIBRARIES"]),
  row("Unix", "only", "T1053.003", ["cron", "cron"], ["/etc/cron", "/spool/cron", "@reboot "]),
  row("Unix", "also", "T1053.003", ["crontab", "crontab"], ["crontab -"]),
  row(
    "Unix",
    "only",
    "T1543.002",
    ["systemd", "units of systemd"],
    ["/etc/systemd/system", ".config/systemd/user", "/share/systemd/user"],
  ),
  row(
    "Unix",
    "only",
    "T1547.013",
    ["autostart", "the autostart folder"],
    [".config/autostart", "xdg/autostart"],
  ),
  row("Unix", "only", "T1037.004", ["boot-script", "scripts that run at boot"], ["/etc/rc.local"]),
  row("Unix", "also", "T1037.004", ["init-script", "init scripts"], ["/etc/init.d/", "update-rc.d "]),
  row("Unix", "only", "T1546.004", ["system-profile", "the profile of every shell"], ["/etc/profile.d"]),
  row(
    "Unix",
    "also",
    "T1546.004",
    ["shell-profile", "a shell's profile"],
    [".bashrc", ".bash_profile", ".bash_login", ".zshrc", ".zshenv", ".zprofile"],
  ),
  row("Unix", "only", "T1574.006", ["preload-file", "ld.so.preload"], ["ld.so.preload"]),
  row("Unix", "also", "T1574.006", ["preload-variable", "LD_PRELOAD"], ["LD_PRELOAD"]),
  row("Unix", "only", "T1098.004", ["authorized-keys", "authorized_keys"], ["authorized_keys"]),
  row("Unix", "only", "T1546.017", ["udev-rules", "rules of udev"], ["udev/rules.d"]),
  row(
    "Unix",
    "only",
    "T1037",
    ["message-of-the-day", "scripts for the message of the day"],
    ["update-motd.d"],
  ),
  row(
    "browser",
    "only",
    "T1176",
    ["forced-extension", "extensions that browsers are forced to install"],
    ["ExtensionInstallForcelist", "ExtensionSettings\\", "External Extensions"],
  ),
];

export const placeOf = new Map(PLACES.map((place) => [place.id, place]));

/** What puts a program into a place, wherever it stands in the member; `RegSetValueEx` is a name among the imports. */
export const REGISTERING: readonly string[] = [
  "reg add",
  "reg.exe add",
  "RegSetValue",
  "RegSetKeyValue",
  "RegWrite",
  "New-ItemProperty",
  "Set-ItemProperty",
  "CreateServiceA",
  "CreateServiceW",
  "Register-ScheduledTask",
  "schtasks /create",
  "schtasks.exe /create",
  "RegisterTaskDefinition",
  "launchctl load",
  "launchctl bootstrap",
  "launchctl submit",
  "systemctl enable",
  "systemctl --user enable",
  "crontab -",
  "winreg.SetValueEx",
];

/** What writes files, in the words of scripts: counts near a place only. */
export const WRITING: readonly string[] = [
  "writeFile",
  "appendFile",
  "copyFile",
  "createWriteStream",
  ".write(",
  "write_text",
  "shutil.copy",
  ">>",
  "> /",
  "> ~",
  '> "',
  "tee ",
  "cp ",
  "ln -s",
  "install -",
  "Set-Content",
  "Add-Content",
  "Out-File",
  "Copy-Item",
  "CopyFile",
];
