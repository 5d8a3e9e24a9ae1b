/**
 * Starting programs, where they are put, and how they are kept out of sight. Sources: the languages' libraries; MITRE
 * ATT&CK T1059, T1564.003, T1070.004, T1082, T1543, T1547, T1053.
 * @module
 */

import {
  BATCH,
  ECMASCRIPT,
  PERL_PHP,
  POWERSHELL,
  PYTHON,
  RUBY,
  RUN_NEAR,
  SHELL,
  type Sign,
  VBSCRIPT,
  WINDOWS,
} from "./sign.ts";

const PUBLISHES =
  /\b(?:npm|yarn|pnpm|bun|cargo) publish\b|\btwine upload\b|\bgem push\b|["`]npm["`],\[["`]publish["`]/g;

export const RUNNING: readonly Sign[] = [
  {
    id: "runs",
    does: "starts programs",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["child_process"],
        pattern: /(?:^|[^\w$])(?:exec(?:file)?(?:sync)?|spawn(?:sync)?|fork)\)?\(/g,
      },
      {
        languages: PYTHON,
        needles: ["os.", "subprocess", "pty.", "__import__"],
        pattern:
          /\bos\.(?:system|popen|exec[lv]\w{0,4}|spawn\w{1,5}|startfile)\(|\bsubprocess\.\w{1,20}\(|\b__import__\(["'](?:os|subprocess)["']\)|\bpty\.spawn\(/g,
      },
      {
        languages: SHELL,
        needles: ["chmod", "sh ", "nohup", "setsid", "exec "],
        pattern:
          /\bchmod[ \t]{1,4}(?:\+x|[ugoa]{1,4}\+[rwx]{0,2}x|0?[0-7]?7[0-7]{2})[ \t]|\b(?:ba|z|da)?sh[ \t]{1,4}-c\b|\b(?:nohup|setsid)[ \t]/g,
      },
      {
        languages: POWERSHELL,
        needles: ["start-process", "invoke-expression", "iex", "process]::start", "invoke-item", "saps"],
        pattern: /\bstart-process\b|\binvoke-(?:expression|item)\b|\biex\b|process\]::start\(/g,
      },
      {
        languages: BATCH,
        needles: ["start", "rundll32", "regsvr32", "mshta", "wscript", "cscript", "powershell", "msiexec"],
        pattern:
          /^[ \t]{0,40}@?start[ \t]|\b(?:rundll32|regsvr32|mshta|wscript|cscript|powershell|msiexec)(?:\.exe)?[ \t]/gm,
      },
      {
        languages: VBSCRIPT,
        needles: [".run", ".exec", "shellexecute"],
        pattern: /\.(?:run|exec)[ \t(]|\bshellexecute\b/g,
      },
      {
        languages: RUBY,
        needles: ["system", "exec", "popen", "spawn", "%x"],
        pattern: /\b(?:system|exec|spawn)[ \t(]{1,4}["']|\bpopen3?\(|%x[({[]/g,
      },
      {
        languages: PERL_PHP,
        needles: ["system", "exec", "passthru", "popen", "proc_open"],
        pattern: /\b(?:shell_exec|system|passthru|popen|proc_open|exec)[ \t]{0,4}\(/g,
      },
    ],
  },
  {
    id: "temporary-place",
    does: "uses a folder for temporary files",
    looks: [
      {
        needles: ["tmpdir", "/tmp", "temp", "appdata", "programdata", "users\\public", "mktemp"],
        pattern:
          /\btmpdir\b|["'`= \t]\/(?:var\/)?tmp\/|\bmktemp\b|\btempfile\.|\bgettemp\w{0,8}\(|\benv[:.](?:temp|tmp|appdata|localappdata)\b|%(?:temp|tmp|appdata|localappdata|public|programdata)%|\busers\\{1,2}public\b/g,
      },
    ],
  },
  {
    id: "starts-download",
    does: "makes a program of what it downloads",
    looks: [
      {
        languages: SHELL,
        needles: ["chmod"],
        pattern:
          /\b(?:curl|wget)\b[^\n;|]{0,300}[ \t](?:-o|--output|>)[ \t]{0,4}["']?([\w./$-]{1,80})["']?(?=[\s;&])[^\0]{0,400}?\bchmod[ \t]{1,4}[\w+]{1,10}[ \t]{1,4}["']?\1\b/g,
      },
    ],
  },
  {
    id: "out-of-sight",
    does: "starts programs out of sight",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["detached:"],
        pattern:
          /\bdetached:(?:true|!0)[^\n]{0,80}\bstdio:["`]ignore["`]|\bstdio:["`]ignore["`][^\n]{0,80}\bdetached:(?:true|!0)/g,
      },
      {
        languages: PYTHON,
        needles: ["create_no_window", "startupinfo", "start_new_session", "sw_hide"],
        pattern: /\bcreate_no_window\b|\bsw_hide\b|\bstart_new_session=true\b/g,
      },
      {
        languages: SHELL,
        needles: ["nohup", "setsid", "disown", "/dev/null"],
        pattern:
          /\bnohup[ \t]|\bsetsid[ \t]|\bdisown\b|>[ \t]{0,4}\/dev\/null[ \t]{1,4}2>&1[ \t]{0,4}&(?!&)/g,
      },
      {
        needles: ["hidden", "createnowindow", "start /b", "start /min"],
        pattern:
          /[ \t"'](?:-|\/)w(?:indowstyle|in)?[ \t"',]{1,4}hidden\b|\bcreatenowindow[ \t]{0,4}=[ \t]{0,4}\$true|^[ \t]{0,40}@?start[ \t]{1,4}(?:"")?[ \t]{0,4}\/(?:b|min)\b/gm,
      },
      {
        languages: VBSCRIPT,
        needles: [".run"],
        pattern: /\.run[ \t(][^\n]{0,300},[ \t]{0,4}0[ \t]{0,4}(?:,|\)|\r?$)/gm,
      },
    ],
  },
  {
    id: "identifies",
    does: "collects who and where the machine is",
    looks: [
      {
        languages: ECMASCRIPT,
        different: 2,
        needles: ["hostname()", "userinfo()", "networkinterfaces()", "whoami", "ipify", "ipinfo", "ip-api"],
        pattern:
          /\bhostname\(\)|\buserinfo\(\)|\bnetworkinterfaces\(\)|["`]whoami\b|\bipify\.|\bipinfo\.io|\bip-api\.com/g,
      },
      {
        languages: PYTHON,
        different: 2,
        needles: ["gethostname", "getuser", "platform.", "getnode", "getlogin", "ipify", "ipinfo"],
        pattern:
          /\bgethostname\(|\bgetuser\(|\bplatform\.(?:node|uname)\(|\bgetnode\(|\bgetlogin\(|\bipify\.|\bipinfo\.io/g,
      },
      {
        languages: SHELL,
        different: 2,
        needles: ["whoami", "hostname", "uname", "ifconfig.me", "ipinfo"],
        pattern:
          /\$\((?:whoami|hostname|uname -a|id)\)|`(?:whoami|hostname|uname -a|id)`|\bifconfig\.me\b|\bipinfo\.io\b/g,
      },
      {
        languages: WINDOWS,
        different: 2,
        needles: ["computername", "username", "whoami", "hostname", "systeminfo"],
        pattern: /\benv:(?:computername|username)\b|%(?:computername|username)%|\bwhoami\b|\bsysteminfo\b/g,
      },
      {
        languages: RUBY,
        different: 2,
        needles: ["gethostname", "getlogin", "whoami"],
        pattern: /\bgethostname\b|\bgetlogin\b|`whoami`|`hostname`/g,
      },
    ],
  },
  {
    id: "asks-names",
    does: "looks up names that it makes",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["resolve", "lookup("],
        pattern:
          /\bdns\w{0,12}\.(?:promises\.)?(?:resolve\w{0,8}|lookup)\((?:[`"][^)\n]{0,80}(?:\$\{|"\+)|[\w$.()]{1,40}\+)/g,
      },
      {
        languages: PYTHON,
        needles: ["gethostbyname", "getaddrinfo", "resolver"],
        pattern: /\b(?:gethostbyname|getaddrinfo|resolve)\([^)\n]{0,40}(?:["']\s?\+|\+\s?["']|\{|%)/g,
      },
      {
        languages: SHELL,
        needles: ["nslookup", "dig ", "host "],
        pattern: /\b(?:nslookup|dig|host)[ \t][^\n;|]{0,60}\$[({\w]/g,
      },
    ],
  },
  {
    id: "persists",
    does: "makes something start by itself later",
    looks: [
      {
        needles: [
          "launchagents",
          "launchdaemons",
          "crontab",
          "cron.d",
          "autostart",
          "systemd/user",
          "currentversion",
          "schtasks",
          "scheduledtask",
          "programs\\startup",
          "bashrc",
          "zshrc",
          ".profile",
          "bash_profile",
          "sitecustomize",
          "folderopen",
          "__eventfilter",
          "authorized_keys",
        ],
        pattern:
          /\blibrary[/\\"',]{1,4}launch(?:agents|daemons)\b|\bcrontab[ \t]{1,4}-(?!l)|\|[ \t]{0,4}crontab\b|\/etc\/cron\.d\/|\.config[/"',]{1,4}autostart\b|\bsystemd\/user\b|\bcurrentversion\\{1,2}run\b|\bschtasks(?:\.exe)?[^\n]{0,60}\/create\b|\bregister-scheduledtask\b|\bprograms\\{1,2}startup\b|(?:>>|\bappendfile\w{0,8}\()[^\n]{0,80}\.(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv)\b|["'`/]sitecustomize\.py\b|\brunon["']?:[ \t]{0,4}["'`]folderopen\b|\b__eventfilter\b|>>[^\n]{0,60}\bauthorized_keys\b/g,
      },
    ],
  },
  {
    id: "removes-itself",
    does: "removes its own file",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["unlink", "rmsync", ".rm(", "rename"],
        pattern:
          /\b(?:unlink|rm)(?:sync)?\((?:__filename|process\.argv\[1\]|import\.meta\.filename|\w{0,20}\.?fileurltopath\(import\.meta\.url\))/g,
      },
      {
        languages: PYTHON,
        needles: ["remove(", "unlink("],
        pattern: /\b(?:remove|unlink)\((?:__file__|sys\.argv\[0\]|os\.path\.(?:abspath|realpath)\(__file__)/g,
      },
      {
        languages: SHELL,
        needles: ["$0", "{0}", "bash_source"],
        pattern: /\b(?:rm|shred)[ \t]{1,4}(?:-[\w-]{1,12}[ \t]{1,4}){0,4}["']?\$(?:\{0\}|0|\{?bash_source)/g,
      },
      {
        languages: WINDOWS,
        needles: ["%~", "myinvocation", "pscommandpath", "scriptfullname"],
        pattern:
          /\bdel[ \t][^\n]{0,40}%~\w{0,5}0|\bremove-item[^\n]{0,60}\$(?:myinvocation\.mycommand\.(?:path|definition)|pscommandpath)|\bdeletefile[^\n]{0,40}\bscriptfullname\b/g,
      },
    ],
  },
  {
    id: "publishes",
    does: "publishes packages",
    looks: [
      { languages: SHELL, needles: ["publish", "upload", "gem push"], pattern: PUBLISHES },
      { needles: ["publish", "upload", "gem push"], pattern: PUBLISHES, near: RUN_NEAR },
    ],
  },
  {
    id: "drives-assistant",
    does: "lets a coding assistant act without asking",
    looks: [
      {
        needles: ["--dangerously-skip-permissions", "--yolo", "--trust-all-tools"],
        pattern: /--dangerously-skip-permissions\b|["' \t]--yolo\b|--trust-all-tools\b/g,
      },
    ],
  },
  {
    id: "workflow-secrets",
    does: "writes a workflow that reads the secrets of a repository",
    looks: [
      {
        needles: ["secrets"],
        pattern: /\.github[/\\"',]{1,4}workflows\b[^\0]{0,2000}\bsecrets\b|\btojson\(secrets\)/g,
      },
    ],
  },
];
