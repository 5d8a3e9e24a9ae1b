// Starts commands through a shell.
// Source: MITRE ATT&CK, T1059; what the calls and files are called in their own documents.

rule shell_commands_windows {
  meta:
    behaviour = "shell-commands"
    description = "command lines for cmd.exe or PowerShell in native code"
    attack = "T1059"
    files = "program library"
  strings:
    $command = /cmd(\.exe)?["']?\s{1,3}\/[cCkK]\s/ ascii wide
    $powershell = /powershell(\.exe)?["']?\s{1,3}-/ ascii wide nocase
    $script_host = /[cw]script(\.exe)?["']?\s{1,3}[\/"%a-zA-Z]/ ascii wide
  condition:
    uint16(0) == 0x5a4d and any of them
}

rule shell_commands_unix {
  meta:
    behaviour = "shell-commands"
    description = "a shell and a call that starts it"
    attack = "T1059"
    files = "program library"
  strings:
    $shell = /\/bin\/(ba|z|da)?sh/ fullword
    $call = /\b_?(system|popen|execl|execle|execv|execve|posix_spawn)\b/ fullword
  condition:
    (uint32(0) == 0x464c457f or (uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface or uint32be(0) == 0xcafebabe)) and all of them
}
