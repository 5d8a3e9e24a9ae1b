import { defineRegistry } from "@sallyport/core";
import type { Behaviour } from "./behaviour.ts";

/**
 * Every behaviour, and how unusual it is that a file of each kind gains it. `high` is held by default, so it stands only
 * where an ordinary release hardly does this; what any growing program may begin to do is `info` for it.
 */
export const behaviours = defineRegistry<Behaviour>("behaviour", [
  {
    id: "browser-profiles",
    does: "reads what browsers keep: passwords, cookies or history",
    attack: ["T1555.003", "T1539", "T1217"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "credential-files",
    does: "reads the files in which other tools keep keys and passwords",
    attack: ["T1552.001", "T1552.004"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "password-stores",
    does: "reads the passwords that Windows keeps",
    attack: ["T1003", "T1555.004"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "keychain",
    does: "reads the keychain of macOS",
    attack: ["T1555.001"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "wallets",
    does: "looks for wallets of digital money",
    attack: ["T1005", "T1657"],
    gained: { program: "high", library: "high", script: "high", data: "medium" },
  },
  {
    id: "session-tokens",
    does: "takes over sessions of other programs",
    attack: ["T1528", "T1539"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "cloud-credentials",
    does: "takes the credentials that clouds hand to their machines",
    attack: ["T1552.005"],
    gained: { program: "low", library: "medium", script: "medium", data: "low" },
  },
  {
    id: "token-impersonation",
    does: "acts as another user of Windows",
    attack: ["T1134"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "process-injection",
    does: "writes code into other processes",
    attack: ["T1055"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "dynamic-resolution",
    does: "finds system calls by walking the list of loaded modules",
    attack: ["T1027.007", "T1106"],
    gained: { program: "medium", library: "high", script: "high", data: "high" },
  },
  {
    id: "shellcode-loader",
    does: "loads and runs code that no file on disk holds",
    attack: ["T1620", "T1055.002"],
    gained: { program: "medium", library: "high", script: "high", data: "high" },
  },
  {
    id: "decode-execute",
    does: "decodes bytes beside memory that it makes executable",
    attack: ["T1027.013", "T1140"],
    gained: { program: "info", library: "low", script: "info", data: "low" },
  },
  {
    id: "download-and-run",
    does: "downloads something and runs it in one breath",
    attack: ["T1105", "T1059"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "fetches-programs",
    does: "fetches a file, makes it executable and starts it",
    attack: ["T1105"],
    gained: { program: "info", library: "low", script: "low", data: "info" },
  },
  {
    id: "encoded-commands",
    does: "runs commands that are hidden by their encoding",
    attack: ["T1059.001", "T1027.010"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "hidden-windows",
    does: "starts commands in windows that nobody sees",
    attack: ["T1564.003"],
    gained: { program: "low", library: "medium", script: "medium", data: "low" },
  },
  {
    id: "shell-commands",
    does: "starts commands through a shell",
    attack: ["T1059"],
    gained: { program: "info", library: "low", script: "info", data: "info" },
  },
  {
    id: "persistence-windows",
    does: "starts itself again with Windows",
    attack: ["T1547.001", "T1053.005", "T1546.003"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "persistence-macos",
    does: "starts itself again with macOS",
    attack: ["T1543.001", "T1547.015"],
    gained: { program: "low", library: "high", script: "high", data: "medium" },
  },
  {
    id: "persistence-linux",
    does: "starts itself again with Linux",
    attack: ["T1543.002", "T1053.003", "T1546.004", "T1574.006", "T1098.004"],
    gained: { program: "medium", library: "high", script: "medium", data: "medium" },
  },
  {
    id: "anti-analysis",
    does: "looks whether somebody is watching it",
    attack: ["T1497.001", "T1622"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "screen-capture",
    does: "takes pictures of the screen",
    attack: ["T1113"],
    gained: { program: "info", library: "low", script: "medium", data: "low" },
  },
  {
    id: "key-logging",
    does: "listens to the keyboard of others",
    attack: ["T1056.001"],
    gained: { program: "low", library: "medium", script: "high", data: "medium" },
  },
  {
    id: "clipboard",
    does: "reads or replaces what others copy",
    attack: ["T1115", "T1565.002"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "archive-and-send",
    does: "packs files and sends them away",
    attack: ["T1560", "T1567", "T1048"],
    gained: { program: "info", library: "medium", script: "medium", data: "low" },
  },
  {
    id: "covert-channels",
    does: "talks through services that hide whom it talks to",
    attack: ["T1102", "T1071.004", "T1090.003", "T1567.004"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "shipped-file-tail",
    does: "reads code out of another file that was shipped with it",
    attack: ["T1027.009", "T1140"],
    gained: { program: "low", library: "high", script: "high", data: "low" },
  },
  {
    id: "security-off",
    does: "switches protection off",
    attack: ["T1562.001", "T1562.004"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "environment-dump",
    does: "collects the whole environment and sends it",
    attack: ["T1082", "T1552.007"],
    gained: { program: "info", library: "medium", script: "high", data: "medium" },
  },
  {
    id: "host-survey",
    does: "collects what is to be known of the machine and sends it",
    attack: ["T1082", "T1033", "T1016"],
    gained: { program: "info", library: "info", script: "medium", data: "info" },
  },
  {
    id: "covers-tracks",
    does: "removes the traces of itself",
    attack: ["T1070"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
  {
    id: "reverse-shell",
    does: "gives a shell to somebody elsewhere",
    attack: ["T1059.004", "T1071"],
    gained: { program: "medium", library: "high", script: "high", data: "high" },
  },
  {
    id: "destroys-data",
    does: "destroys data or the means to bring it back",
    attack: ["T1485", "T1490"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "coin-mining",
    does: "mines digital money",
    attack: ["T1496"],
    gained: { program: "high", library: "high", script: "high", data: "high" },
  },
  {
    id: "encoded-names",
    does: "keeps names of calls, commands or addresses encoded",
    attack: ["T1027.013"],
    gained: { program: "medium", library: "high", script: "high", data: "high" },
  },
  {
    id: "spreads-itself",
    does: "publishes or commits in the name of whoever runs it",
    attack: ["T1195.002", "T1072"],
    gained: { program: "low", library: "medium", script: "high", data: "medium" },
  },
  {
    id: "misuses-assistants",
    does: "lets an assistant on the machine search it without asking",
    attack: ["T1059", "T1119"],
    gained: { program: "medium", library: "high", script: "high", data: "medium" },
  },
]);
