/**
 * What a script does, told by the words it uses. One word says little, so that words count in groups, and groups
 * together. Sources: the manuals of the shells, Node.js API, the Python Standard Library, about_ pages of PowerShell;
 * MITRE ATT&CK T1059, T1105, T1140, T1552, T1547, T1548, T1564 for the groups.
 * @module
 */

export const GROUPS = [
  "network",
  "execution",
  "encoding",
  "secrets",
  "persistence",
  "privilege",
  "hiding",
] as const;
export type Group = (typeof GROUPS)[number];
/** Words it uses of each group, sorted; groups without any are missing. */
export type Conduct = Partial<Readonly<Record<Group, readonly string[]>>>;

/** Each is tried at every place and goes on for a bounded stretch only. */
const WORDS: Readonly<Record<Group, RegExp>> = {
  network:
    /\b(?:curl|wget|Invoke-WebRequest|Invoke-RestMethod|DownloadString|DownloadFile|BitsTransfer|certutil|XMLHTTP|WinHttpRequest|https?\.(?:get|request)|require\(["'](?:node:)?(?:https?|net|tls|dgram|dns|request|axios|node-fetch|got)["']\)|from ["'](?:node:)?(?:https?|net|tls|dgram|dns|axios|node-fetch|got)["']|XMLHttpRequest|WebSocket|urlopen|urlretrieve|urllib|requests\.(?:get|post|put)|httpx|aiohttp|http\.client|socket\.(?:socket|create_connection)|Net::HTTP|open-uri|URI\.open|LWP::|nslookup|TCPSocket|ncat|netcat)|\/dev\/(?:tcp|udp)\/|(?<![.\w])fetch\(|(?:^|[\s;|&])nc(?= )/gm,
  execution:
    /(?<![.\w])(?:exec|eval|compile)\(|\b(?:child_process|exec(?:Sync|File|FileSync)\(|spawn(?:Sync)?\(|new Function|runIn(?:This|New)?Context|os\.(?:system|popen|exec[lv]p?e?|startfile)|subprocess|Popen|__import__\(|ctypes|Start-Process|Invoke-Expression|iex\b|Process\.Start|WScript\.Shell|ShellExecute|rundll32|regsvr32|mshta|powershell|pwsh|cmd(?:\.exe)? \/c|osascript|dlopen\(|Fiddle|IO\.popen|instance_eval|(?:ba|da|z)?sh -c|python[0-9.]* -c|perl -e|node -e|ruby -e|php -r|chmod \+x)|[|] *(?:sudo )?(?:ba|da|z|k)?sh\b|\beval[ \t]+["'$(`]/gm,
  encoding:
    /\b(?:base64|atob\(|btoa\(|b64decode|unhexlify|fromhex|FromBase64String|EncodedCommand|fromCharCode|rot13|zlib\.decompress|marshal\.loads|xxd -r|openssl enc|unescape\(|unpack1?\(["']m|decode64)|["'](?:hex|base64)["']|(?:\\x[0-9a-fA-F]{2}){8}|[A-Za-z0-9+/]{120}/gm,
  secrets:
    /["'/]\.(?:ssh|aws|kube|gnupg|azure)\b|id_(?:rsa|ed25519|ecdsa)|\.npmrc|\.pypirc|\.netrc|\.docker\/config|_authToken|(?:NPM|GITHUB|GH|AWS|VAULT)_[A-Z_]{0,20}(?:TOKEN|KEY|SECRET)|JSON\.stringify\(process\.env|(?:dict|str|dumps)\(os\.environ|find-generic-password|dump-keychain|\/etc\/shadow|Login Data|Local State|cookies\.sqlite|key4\.db|wallet\.dat|metamask|169\.254\.169\.254|\bprintenv\b|(?:^|[;|&] *)env *[|>]/gm,
  persistence:
    /\bcrontab\b|\/etc\/cron|LaunchAgents|LaunchDaemons|CurrentVersion\\{1,2}Run|schtasks|New-ScheduledTask|["'/]\.(?:bash_?rc|bash_profile|bash_login|zshrc|zshenv|profile)\b|\/etc\/profile|\/etc\/rc\.local|ld\.so\.preload|authorized_keys|\.config\/autostart|\.config\/systemd|\/etc\/systemd\/system\/[\w@-]{1,80}\.(?:service|timer)|sitecustomize|launchctl/gm,
  privilege:
    /\bchmod [0-7]?[2-7][0-7]{3}\b|\bchmod [ugoa]*\+[rwx]*s|sudoers|\busermod\b[^\n]{0,80}(?:sudo|wheel|admin)|\bsetcap [^\n]{0,200}cap_|NOPASSWD|setuid\(|\/etc\/pam\.d|>> *\/etc\/passwd\b|net localgroup administrators/gim,
  hiding:
    /\bnohup\b|\bsetsid\b|\bdisown\b|detached: *true|windowsHide|WindowStyle +Hidden|-w(?:indowstyle)? hidden|CREATE_NO_WINDOW|SW_HIDE|history -c|unset HISTFILE|HISTFILE=|shred -|ExecutionPolicy +Bypass|Set-MpPreference|spctl --master-disable|xattr -[a-z]*d|com\.apple\.quarantine|setenforce 0/gim,
};

const MOST_WORDS = 40;
/** Of one line; a minified program is one line, and is another trait's. */
const MOST_MATCHES = 20_000;

/**
 * @param text - of a script in any language; comment lines do not count
 * @param isShell - where `//usr/bin/env` and `:: ||` are commands, and no comments
 */
export function conductOf(text: string, isShell = false): Conduct {
  const code = withoutComments(text, isShell ? SHELL_COMMENT : COMMENT);
  const conduct: Partial<Record<Group, readonly string[]>> = {};
  for (const group of GROUPS) {
    const words = new Set<string>();
    let matches = 0;
    for (const [word] of code.matchAll(WORDS[group])) {
      words.add(word.trim().slice(0, 60));
      matches += 1;
      if (words.size >= MOST_WORDS || matches >= MOST_MATCHES) break;
    }
    if (words.size > 0) conduct[group] = [...words].sort();
  }
  return conduct;
}

/** Whole lines only: what looks like a comment behind code may be part of a string. dpkg-maintscript-helper(1) takes names of files away. */
const withoutComments = (text: string, comment: RegExp): string =>
  text
    .split("\n")
    .filter((line) => !comment.test(line))
    .join("\n");

const COMMENT = /^\s{0,200}(?:#(?!!)|\/\/|::|REM\s|--\s|\*|dpkg-maintscript-helper\s)/i;
const SHELL_COMMENT = /^\s{0,200}(?:#(?!!)|dpkg-maintscript-helper\s)/;

/** @returns groups the one has words of and the other has none of */
export const gainedGroups = (before: Conduct, after: Conduct): Group[] =>
  GROUPS.filter((group) => (after[group]?.length ?? 0) > 0 && (before[group]?.length ?? 0) === 0);

/** @returns words that are new, of any group */
export const gainedWords = (before: Conduct, after: Conduct): string[] =>
  GROUPS.flatMap((group) => (after[group] ?? []).filter((word) => !before[group]?.includes(word)));

/** What a person calls it. */
export const GROUP_NAMES: Readonly<Record<Group, string>> = {
  network: "reaches the network",
  execution: "runs other programs or code",
  encoding: "decodes what it holds",
  secrets: "looks where credentials are kept",
  persistence: "has itself started again",
  privilege: "gives rights away",
  hiding: "hides what it does",
};

/** Two of these together are how an installation is abused; one alone may be how it works. */
const GRAVE_PAIRS: readonly (readonly [Group, Group])[] = [
  ["network", "execution"],
  ["network", "secrets"],
  ["network", "encoding"],
  ["encoding", "execution"],
  ["execution", "hiding"],
  ["network", "hiding"],
];

/** How much it says that a script of an installation gained this. */
export function riskOfGain(before: Conduct, after: Conduct): "high" | "medium" | "low" | "info" {
  const gained = gainedGroups(before, after);
  const has = (group: Group) => (after[group]?.length ?? 0) > 0;
  if (gained.some((group) => group === "persistence" || group === "privilege")) return "high";
  if (
    GRAVE_PAIRS.some(
      ([one, other]) => has(one) && has(other) && (gained.includes(one) || gained.includes(other)),
    )
  )
    return "high";
  if (gained.some((group) => group !== "encoding")) return "medium";
  return gained.length > 0 || gainedWords(before, after).length > 0 ? "low" : "info";
}
